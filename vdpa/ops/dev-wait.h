/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_WAIT_H
#define VDPA_DEV_WAIT_H

#include "vdpa/model/model.h"

struct wait_args {
	const char *name;
	struct opt_driver driver;
	bool gone;
	struct opt_u32 timeout; /* seconds */
};

/* Waits until a device is in a state. Returns 0, or a negative errno with @err filled. */
int dev_wait(const struct wait_args *wait, struct err *err);

#endif
