/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DRIVER_LIMITS_H
#define VDPA_DRIVER_LIMITS_H

#include "vdpa/model/model.h"

/*
 * Returns the attributes that @mgmtdev, "BUS/NAME" or "NAME", accepts for a new device: bit N for
 * VDPA_ATTR_... number N. The kernel refuses the others but does not say which they are, so this
 * goes by the driver's name; an unknown driver is assumed to accept all.
 */
uint64_t driver_limits_attributes(const char *mgmtdev);

/* Returns how many devices the management device can have; 0: any number, or unknown. */
uint32_t driver_limits_devices(const char *mgmtdev);

#endif
