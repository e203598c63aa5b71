/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_ADD_H
#define VDUSE_DEV_ADD_H

#include "vduse/cmd/commands.h"

/* Handler of "dev add", whose arguments are a struct dev_new. */
int dev_add(void *app, const void *args, struct err *err);

#endif
