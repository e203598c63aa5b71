/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_DEV_OPEN_H
#define VFIO_DEV_OPEN_H

#include "base/list.h"
#include "commands.h"
#include "kernel.h"

/* A device that a command works on, from its words to its end. */
struct work {
	struct work *next;  /* of those that are held */
	struct work **held; /* the list that it goes to, or NULL: it is closed */
	struct list devs;   /* the one that is meant */
	struct session session;
	bool warned; /* that others are affected */
};

/*
 * Finds the device and opens it, unless an earlier line of the batch left it open; one that
 * somebody uses only with the user's force.
 * @work: to be ended in any case. Returns 0, or a negative errno with @err filled.
 */
int dev_open(struct app *app, const struct open_args *args, struct work **work, struct err *err);

/* Closes the device, or leaves it open for another line as the user wants it. */
void work_end(struct work **work);

/* Closes all that were left open. */
void works_free(struct work **works);

#endif
