/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_AUTOPROBE_H
#define VDPA_AUTOPROBE_H

#include "base/err.h"
#include "sys/uevent.h"

/*
 * The switch by which the vdpa bus gives new devices to drivers (drivers_autoprobe). A device that
 * is to have another driver than the bus would choose, or none, is made while the switch is off.
 * The switch is the whole host's: all tools take one lock, what others added meanwhile is given to
 * the drivers afterwards, and what a killed run left off is put on again by the next one.
 */
struct autoprobe {
	int lock;    /* file descriptor, negative while nothing is held */
	int control; /* the switch, open where it must be off; else negative */
	bool off;
	struct uevents uevents;
};

#define AUTOPROBE_INIT                                                                             \
	{                                                                                          \
		.lock = -1, .control = -1, .uevents.fd = -1                                        \
	}

/*
 * Takes the lock before a device is made that is to have @driver. @driver: NULL for none, or
 * AUTOPROBE_ANY for the one that the bus chooses. Whether the switch must be off for it is decided
 * here. Release in any case.
 * Returns 0, or a negative errno with @err filled: -EBUSY names the process that has the lock for
 * too long, -EINTR after a signal.
 */
#define AUTOPROBE_ANY "any"
int autoprobe_lock(struct autoprobe *autoprobe, const char *driver, struct err *err);

/*
 * Turns the switch off where autoprobe_lock() saw that this is needed; call it when nothing can
 * keep the request waiting any more. Work that does this holds, see guard_hold().
 */
int autoprobe_off(struct autoprobe *autoprobe, struct err *err);

/*
 * Turns the switch on again, gives devices that others added meanwhile to the drivers, and releases
 * the lock. @made: the device that was made, which is left alone.
 * Returns 0, or a negative errno with @err filled where the switch could not be turned on.
 */
int autoprobe_release(struct autoprobe *autoprobe, const char *made, struct err *err);

#endif
