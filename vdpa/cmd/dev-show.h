/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_SHOW_H
#define VDPA_DEV_SHOW_H

#include "commands.h"

struct show_args {
	const char *name;
	struct opt_handle mgmtdev;
	struct opt_device_type type;
	struct opt_driver driver;
};

/* The handler of "dev show". */
int dev_show(void *app, const void *args, struct err *err);

#endif
