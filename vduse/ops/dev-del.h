/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_DEL_H
#define VDUSE_DEV_DEL_H

#include "vduse/cmd/commands.h"

struct del_args {
	struct cli_words name;
	bool detach;
};

/* Handler of "dev del". */
int dev_del(void *app, const void *args, struct err *err);

#endif
