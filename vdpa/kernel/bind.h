/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_BIND_H
#define VDPA_KERNEL_BIND_H

#include "base/err.h"
#include "base/num.h"
#include "sys/uevent.h"

/*
 * Drivers of vDPA devices, through the sysfs of the vdpa bus. Drivers are named as there,
 * "vhost_vdpa" or "virtio_vdpa"; NULL means none. All functions return 0, or a negative errno with
 * @err filled.
 */

/*
 * Checks that a device could be bound to @driver now: -ENOENT with status 7 if its module is not
 * loaded, -EACCES or -EROFS if the caller lacks the right.
 */
int bind_check(const char *driver, struct err *err);

/* Room for a driver's name. */
#define BIND_DRIVER_SIZE 64

/* Copies the name of the driver of @dev. Returns false if it has none. */
bool bind_current(const char *dev, char driver[BIND_DRIVER_SIZE]);

/* Checks that no driver_override reserves @dev for another driver: -EBUSY with that driver. */
int bind_check_override(const char *dev, const char *driver, struct err *err);

/*
 * Unbinds @dev from its driver and binds it to @driver. A driver_override that names another driver
 * is cleared. After a failure or a signal, the old driver and override are restored.
 * -ENODEV: there is no such device. -EBUSY: another program bound it to something else meanwhile.
 */
int bind_set(const char *dev, const char *driver, struct err *err);

enum bind_state {
	BIND_THERE,   /* on the bus */
	BIND_READY,   /* bound, and its node, interface or disk exists */
	BIND_UNBOUND, /* on the bus, without a driver */
	BIND_GONE,    /* not on the bus */
};

struct bind_wanted {
	const char *dev;
	enum bind_state state;
	const char *driver; /* the driver that it must have to be ready, or NULL for any */
};

/*
 * Waits until a device is in a state. Reads sysfs alone, which answers even while the netlink
 * family is stuck.
 * @uevents: must be open before the change that we wait for. @seconds: unset means no limit.
 * -ETIMEDOUT: @err says what is missing.
 */
int bind_await(struct uevents *uevents, const struct bind_wanted *wanted,
	       const struct opt_u32 *seconds, struct err *err);

/*
 * Waits at most @seconds until @dev is bound to @driver, or to any for NULL, and its node,
 * interface or disk exists.
 * @uevents: must be open before the device is bound. -ETIMEDOUT: @err says what is missing.
 */
int bind_wait(struct uevents *uevents, const char *dev, const char *driver, unsigned int seconds,
	      struct err *err);

#endif
