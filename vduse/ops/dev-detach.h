/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_DETACH_H
#define VDUSE_DEV_DETACH_H

#include "session.h"

/*
 * Detaches a device that nobody serves from the vdpa bus. Its node is held open from before the
 * first change until the end: that keeps programs away, and lets us answer the requests that the
 * driver sends when it is unbound. No setting of the device is changed.
 * Returns 0, or a negative errno with @err filled; -EBUSY: somebody serves or uses it.
 */
int detach(struct caller *caller, const char *name, struct err *err);

#endif
