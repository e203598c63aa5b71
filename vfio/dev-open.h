/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_DEV_OPEN_H
#define VFIO_DEV_OPEN_H

#include "commands.h"
#include "kernel.h"

/* A device that a command works on, from its words to its end. */
struct work {
	struct list devs; /* the one that is meant */
	struct session session;
};

#define WORK_INIT                                                                                  \
	{                                                                                          \
		.session = SESSION_INIT                                                            \
	}

/*
 * Finds the device and opens it; one that somebody holds only with the user's force. Release
 * @work in any case. Returns 0, or a negative errno with @err filled.
 */
int dev_open(struct app *app, const struct open_args *args, struct work *work, struct err *err);
void work_release(struct work *work);

#endif
