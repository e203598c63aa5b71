/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_BUS_H
#define VDPA_BUS_H

#include "err.h"
#include "holders.h"

/*
 * What there is on the vdpa bus, as its sysfs tells, and what would keep a request to it waiting;
 * for all tools that make such requests.
 */

/* Whether the bus has a device of this name, of up to 255 bytes. */
bool bus_has(const char *dev);

/*
 * Whether somebody has the /dev/vhost-vdpa-N of the device @dev open: to take it from its driver,
 * or to delete it, waits until that is closed. Returns 0, or -EBUSY with who it is in @err.
 */
int bus_check_node(const char *dev, struct err *err);

/* Whether virtio_vdpa may take a device that is new to the bus. */
bool bus_gives_to_virtio(void);

/*
 * Who has the device open whose number stands in the attribute @path: there may be no node here.
 * Returns 1, or 0 for nobody or no such device.
 */
int bus_find_holder(const char *path, struct holder *holder);

#endif
