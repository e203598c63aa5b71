/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_WAIT_H
#define VDUSE_DEV_WAIT_H

#include "base/caller.h"
#include "vduse/model/model.h"

/* The condition to wait for; if none of the flags is set, that the device exists. */
struct wait_args {
	const char *name;
	bool served, attached, gone;
	struct opt_u32 timeout; /* seconds */
};

/* Waits for it. Returns 0, or a negative errno with @err filled; -ETIMEDOUT: it did not happen. */
int dev_wait(struct caller *caller, const struct wait_args *wait, struct err *err);

#endif
