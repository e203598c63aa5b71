/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_FIND_H
#define VDPA_DEV_FIND_H

#include "commands.h"

struct find_args {
	const char *what;
};

/* The handler of "dev find". */
int dev_find(void *app, const void *args, struct err *err);

#endif
