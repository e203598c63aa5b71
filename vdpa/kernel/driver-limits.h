/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DRIVER_LIMITS_H
#define VDPA_DRIVER_LIMITS_H

#include "vdpa/model/model.h"

/*
 * Which attributes of a new device the management device @mgmtdev, "BUS/NAME" or "NAME", takes: bit
 * N for VDPA_ATTR_... number N. The kernel does not tell, and refuses those that it does not take,
 * so this is known by the driver's name; of an unknown driver all are taken for possible.
 */
uint64_t driver_limits_attributes(const char *mgmtdev);

/* How many devices the management device can have at most; 0: that is not known. */
uint32_t driver_limits_devices(const char *mgmtdev);

#endif
