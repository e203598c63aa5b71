/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_DETACH_H
#define VDUSE_DEV_DETACH_H

#include "session.h"

/*
 * Takes a device off the vdpa bus that nobody serves. From before anything is changed until the
 * device is off the bus its node is held open, which keeps all programs from it and lets us answer
 * what the driver asks when it lets go. No setting of the device is changed.
 * Returns 0, or a negative errno with @err filled; -EBUSY: somebody serves or uses it.
 */
int detach(struct caller *caller, const char *name, struct err *err);

#endif
