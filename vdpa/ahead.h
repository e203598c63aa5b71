/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_AHEAD_H
#define VDPA_AHEAD_H

#include "commands.h"

/*
 * Devices that a batch adds or deletes, asked for many at a time ahead of the kernel's answers. The
 * kernel carries out what follows a request that failed as well; where the batch is to stop there,
 * what was added behind it is taken away again.
 */
struct ahead;

/*
 * Asks for a device, whose strings are copied. @ensure: one that is there as it is asked for will
 * do. Returns 0, or a negative errno with @err filled
 * where that cannot be done ahead: the request is to be made at once then.
 */
int ahead_add(struct vdpa *vdpa, const struct dev_new *dev, bool ensure, struct err *err);
int ahead_del(struct vdpa *vdpa, const char *name, struct err *err);

/* Whether @name is among those that were asked for. */
bool ahead_has(const struct vdpa *vdpa, const char *name);

/* Whether one that is to be deleted with them may be busy: looked at once for all of them. */
bool ahead_may_be_busy(struct vdpa *vdpa);

/* Brings all that was asked for to an end, and reports what failed at its place in the batch. */
void ahead_settle(struct app *app);

void ahead_release(struct vdpa *vdpa);

#endif
