/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_BIND_H
#define VDPA_KERNEL_BIND_H

#include "base/err.h"
#include "base/num.h"
#include "sys/uevent.h"

/*
 * The drivers of vDPA devices, by the sysfs of the vdpa bus. Drivers are named as there; NULL means
 * none. All return 0, or a negative errno with @err filled.
 */

/*
 * Whether @driver could be bound to a device now: -ENOENT with status 7 where its module is not
 * loaded, -EACCES or -EROFS where the caller may not.
 */
int bind_check(const char *driver, struct err *err);

/* Room for a driver's name. */
#define BIND_DRIVER_SIZE 64

/* Copies the name of the driver of @dev; false where it has none. */
bool bind_current(const char *dev, char driver[BIND_DRIVER_SIZE]);

/*
 * Whether a driver_override of another program keeps @dev for another driver: -EBUSY with its name.
 */
int bind_check_override(const char *dev, const char *driver, struct err *err);

/*
 * Takes @dev from the driver it has and binds it to @driver. A driver_override in the way is
 * cleared. A failure or a signal undoes it: the device has its old driver and override again.
 * -ENODEV: there is no such device. -EBUSY: another program bound it to something else meanwhile.
 */
int bind_set(const char *dev, const char *driver, struct err *err);

enum bind_state {
	BIND_THERE,   /* on the bus */
	BIND_READY,   /* it can be used: its node, interface or disk is there */
	BIND_UNBOUND, /* on the bus, without a driver */
	BIND_GONE,    /* not on the bus */
};

struct bind_wanted {
	const char *dev;
	enum bind_state state;
	const char *driver; /* that a device must have to be ready, or NULL for any */
};

/*
 * Waits until a device is in a state. sysfs alone is asked: it answers while the bus is stuck.
 * @uevents: opened before. @seconds: at most; without a limit where it is not set.
 * -ETIMEDOUT with what is missing.
 */
int bind_await(struct uevents *uevents, const struct bind_wanted *wanted,
	       const struct opt_u32 *seconds, struct err *err);

/*
 * Waits until @dev can be used: its node, interface or disk is there.
 * @uevents: opened before the device was bound. @driver: the one it is to have, or NULL for any.
 * @seconds: at most. -ETIMEDOUT with what is missing.
 */
int bind_wait(struct uevents *uevents, const char *dev, const char *driver, unsigned int seconds,
	      struct err *err);

#endif
