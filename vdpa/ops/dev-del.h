/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_DEL_H
#define VDPA_DEV_DEL_H

#include "session.h"

/*
 * Deletes the device @name, unless somebody uses it; the link to its node goes with it.
 * Returns 0, or a negative errno with @err filled; -EBUSY names who uses it.
 */
int dev_del(struct session *session, const char *name, struct err *err);

#endif
