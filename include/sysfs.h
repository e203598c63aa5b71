/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYSFS_H
#define SYSFS_H

#include "base.h"

/* Whether @path is there, at or below /sys. */
bool sysfs_exists(const char *path);

#endif
