/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_DEL_H
#define VDUSE_DEV_DEL_H

#include "session.h"

/*
 * Deletes a device. @detached: detach it from the vdpa bus first, unless somebody serves it.
 * Returns 0, or a negative errno with @err filled; -EBUSY: it is served or attached.
 */
int dev_del(struct session *session, const char *name, bool detached, struct err *err);

#endif
