/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_WAIT_H
#define VDUSE_DEV_WAIT_H

#include "base/caller.h"
#include "vduse/model/model.h"

/* What is waited for: without a word, the device itself. */
struct wait_args {
	const char *name;
	bool served, attached, gone;
	struct opt_u32 timeout; /* seconds */
};

/* Runs "dev wait". */
int dev_wait(struct caller *caller, const struct wait_args *wait, struct err *err);

#endif
