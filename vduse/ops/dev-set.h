/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_SET_H
#define VDUSE_DEV_SET_H

#include "base/caller.h"
#include "vduse/model/model.h"

/*
 * Writes those settings of @dev that are attributes in sysfs and are given, and reads them back. A
 * value that the kernel rounded is a warning. Returns 0, or a negative errno with @err filled.
 */
int dev_set(struct caller *caller, const struct dev_new *dev, struct err *err);

#endif
