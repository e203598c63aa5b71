/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_DEV_OPEN_H
#define VFIO_DEV_OPEN_H

#include "base/list.h"
#include "commands.h"
#include "kernel.h"

/* The device that a command has open. */
struct opened_dev {
	struct opened_dev *next;  /* in the list of those that stay open */
	struct opened_dev **held; /* the list that dev_close() adds it to; NULL: it closes it */
	struct list devs;	  /* of struct dev: the device alone */
	struct session session;
	bool warned; /* that others are affected */
};

/*
 * Finds the device and opens it, unless an earlier line of the batch left it open. A device that is
 * in use is opened only with -f.
 * @opened: to be closed with dev_close() also after a failure.
 * Returns 0, or a negative errno with @err filled.
 */
int dev_open(struct app *app, const struct open_args *args, struct opened_dev **opened,
	     struct err *err);

/* Closes the device, or leaves it open for later lines of the batch if the user said "hold". */
void dev_close(struct opened_dev **opened);

/* Closes all devices that were left open. */
void dev_close_all(struct opened_dev **works);

#endif
