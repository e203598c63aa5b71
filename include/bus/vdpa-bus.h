/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_BUS_H
#define VDPA_BUS_H

#include "base/err.h"
#include "sys/holders.h"

/*
 * Devices on the vdpa bus as sysfs shows them, and the reasons why a request to one of them would
 * wait. All tools that make such requests look here first.
 */

/* Returns whether the bus has a device with this name. */
bool bus_has(const char *dev);

/*
 * Sets the hint for an unknown device @dev: the name that was probably meant, and how to list all.
 */
void bus_hint_devices(struct err *err, const char *dev);

/*
 * Returns the inode of the directory that sysfs would give the new device @dev if it exists
 * although no device on the bus has this name, or 0. Something else then owns the directory for
 * good, or a device of this name is just being created or deleted.
 * @bus, @mgmtdev: the management device; @bus is empty if it has none.
 */
ino_t bus_directory(const char *bus, const char *mgmtdev, const char *dev);

/*
 * Explain why the kernel answered EEXIST to a new device: a device has this name, or something else
 * has its directory. Return -EEXIST and -ENOTUNIQ.
 */
int bus_explain_exists(struct err *err);
int bus_explain_taken(struct err *err, const char *bus, const char *mgmtdev, const char *dev);

/*
 * Checks that nobody has /dev/vhost-vdpa-N of the device @dev open. Deleting the device, or taking
 * it from its driver, waits until that file is closed. Returns 0, or -EBUSY with the holder in
 * @err.
 */
int bus_check_node(const char *dev, struct err *err);

/*
 * Checks that no driver has begun to release the device @dev and still waits. Any request for this
 * device would wait as well, and DEV_DEL would block the whole bus. Returns 0, or -EBUSY with @err
 * filled.
 */
int bus_check_leaving(const char *dev, struct err *err);

/*
 * Returns whether @dev, which is on the bus, was created through VDUSE. A name alone does not tell.
 */
bool bus_is_vduse(const char *dev);

/*
 * Looks for the program that serves the VDUSE device @dev, which need not be on the bus. The answer
 * is certain if the caller may open the device's node.
 * @holder: for HOLDERS_FOUND, the program, or pid 0 if it is not visible from here.
 */
enum holders_answer bus_find_server(const char *dev, struct holder *holder);

/*
 * Makes all checks above. Without them, deleting @dev or taking it from its driver could wait
 * without limit, or as long as VDUSE waits for a program that has ended.
 * Returns 0, or -EBUSY with the reason and the way out in @err.
 */
int bus_check_unbind(const char *dev, struct err *err);

/*
 * Returns the driver to which the bus offers a new device first, VDPA_DRIVER_VHOST or
 * VDPA_DRIVER_VIRTIO, or NULL if neither is loaded. The bus asks its drivers in the order in which
 * they were loaded, and the inode numbers of their directories in sysfs have the same order.
 * vhost_vdpa accepts every device.
 */
const char *bus_first_driver(void);

/* Returns whether the bus would give a new device to virtio_vdpa. */
bool bus_gives_to_virtio(void);

/*
 * Looks for a process that has the device open whose number the attribute @path holds; its node
 * need not be visible here. Returns 1, or 0 if nobody was found. For a VDUSE device,
 * bus_find_server() is more certain.
 */
int bus_find_holder(const char *path, struct holder *holder);

#endif
