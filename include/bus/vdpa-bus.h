/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_BUS_H
#define VDPA_BUS_H

#include "base/err.h"
#include "sys/holders.h"

/*
 * What there is on the vdpa bus, as its sysfs tells, and what would keep a request to it waiting;
 * for all tools that make such requests.
 */

/* Whether the bus has a device of this name, of up to 255 bytes. */
bool bus_has(const char *dev);

/* The hint where there is no device @dev: one whose name is like it, and how to see them all. */
void bus_hint_devices(struct err *err, const char *dev);

/*
 * The directory where sysfs would have a new device @dev of the management device @mgmtdev, whose
 * @bus is empty if it has none, although no device is called so: its inode, or 0 where there is no
 * such directory. Something else has it for good, or a device that is coming or going.
 */
ino_t bus_directory(const char *bus, const char *mgmtdev, const char *dev);

/*
 * Say why the kernel answered EEXIST to a new device: one is called so, or something else has its
 * directory. Return -EEXIST and -ENOTUNIQ.
 */
int bus_explain_exists(struct err *err);
int bus_explain_taken(struct err *err, const char *bus, const char *mgmtdev, const char *dev);

/*
 * Whether somebody has the /dev/vhost-vdpa-N of the device @dev open: to take it from its driver,
 * or to delete it, waits until that is closed. Returns 0, or -EBUSY with who it is in @err.
 */
int bus_check_node(const char *dev, struct err *err);

/*
 * Whether a driver has begun to let go of the device @dev and still waits. A request for the device
 * would wait behind it, and DEV_DEL with the whole bus. Returns 0, or -EBUSY with @err filled.
 */
int bus_check_leaving(const char *dev, struct err *err);

/* Whether @dev, which is on the bus, was made by VDUSE: other devices may have such a name. */
bool bus_is_vduse(const char *dev);

/*
 * Looks for a program that serves the VDUSE device @dev, which need not be on the bus. Where its
 * node may be opened the answer is certain.
 * @holder: that program for HOLDERS_FOUND, or with pid 0 one that cannot be seen here.
 */
enum holders_answer bus_find_server(const char *dev, struct holder *holder);

/*
 * Whether to take the device @dev from its driver, or to delete it, would wait without limit, or
 * for the many seconds that VDUSE waits for a program that has ended: all of the above.
 * Returns 0, or -EBUSY with the reason and the way out in @err.
 */
int bus_check_unbind(const char *dev, struct err *err);

/*
 * The driver that the bus asks first for a new device, "vhost_vdpa" or "virtio_vdpa"; NULL where
 * neither is loaded. The bus asks them in the order of their registration, in which the kernel also
 * numbered their directories in sysfs; and vhost_vdpa takes every device.
 */
const char *bus_first_driver(void);

/* Whether virtio_vdpa is the driver that takes a device that is new to the bus. */
bool bus_gives_to_virtio(void);

/*
 * Who has the device open whose number stands in the attribute @path: there may be no node here.
 * Returns 1, or 0 where nobody was found. Of a VDUSE device bus_find_server() knows more.
 */
int bus_find_holder(const char *path, struct holder *holder);

#endif
