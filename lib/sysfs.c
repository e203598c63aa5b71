/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sysfs.h"

#include <unistd.h>

bool sysfs_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
