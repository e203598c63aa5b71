/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_DEL_H
#define VDPA_DEV_DEL_H

#include "session.h"

/*
 * Deletes the device @name and the link to its node, unless a process has the node open.
 * Returns 0, or a negative errno with @err filled; -EBUSY: @err names the process.
 */
int dev_del(struct session *session, const char *name, struct err *err);

#endif
