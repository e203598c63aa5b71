/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_AUTOPROBE_H
#define VDPA_AUTOPROBE_H

#include "base/err.h"
#include "sys/uevent.h"

/*
 * The vdpa bus offers each new device to its drivers while the bus attribute drivers_autoprobe is
 * on. A device that must have another driver, or none, is created while the switch is off.
 *
 * The switch belongs to the whole host, so all our tools take one lock before they change it.
 * Devices that others create meanwhile are offered to the drivers afterwards. When a tool is killed
 * and leaves the switch off, the next run turns it on again.
 */
struct autoprobe {
	int lock;    /* file descriptor; negative: no lock is held */
	int control; /* file descriptor of the switch; negative: it stays on */
	bool off;
	struct uevents uevents;
};

#define AUTOPROBE_INIT                                                                             \
	{                                                                                          \
		.lock = -1, .control = -1, .uevents.fd = -1                                        \
	}

/*
 * Takes the lock before a device is created, and decides whether the switch must be turned off.
 * Call autoprobe_release() in any case.
 * @driver: the driver that the device shall have, NULL for none, or AUTOPROBE_ANY for the one that
 * the bus chooses.
 * Returns 0, or a negative errno with @err filled: -EBUSY names a process that keeps the lock for
 * too long, -EINTR means that a signal came.
 */
#define AUTOPROBE_ANY "any"
int autoprobe_lock(struct autoprobe *autoprobe, const char *driver, struct err *err);

/*
 * Turns the switch off if autoprobe_lock() found that this is necessary. Call it when nothing is
 * left that could make the request wait, and from work that holds, see guard_hold().
 */
int autoprobe_off(struct autoprobe *autoprobe, struct err *err);

/*
 * Turns the switch on again, offers devices that others created meanwhile to the drivers, and
 * releases the lock.
 * @created: name of the device that was created, which is not offered.
 * Returns 0, or a negative errno with @err filled if the switch could not be turned on.
 */
int autoprobe_release(struct autoprobe *autoprobe, const char *created, struct err *err);

#endif
