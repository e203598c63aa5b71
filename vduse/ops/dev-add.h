/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_ADD_H
#define VDUSE_DEV_ADD_H

#include "session.h"

/*
 * Creates a device, sets it up, and attaches it if @wanted says so. If a step fails, the device is
 * deleted again. Returns 0, or a negative errno with @err filled.
 */
int dev_add(struct session *session, const struct dev_new *wanted, struct err *err);

#endif
