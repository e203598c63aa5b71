/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HOLDERS_LIST_H
#define HOLDERS_LIST_H

#include "holders.h"

/* A character device that a process has open. */
struct held {
	dev_t device;
	struct holder holder;
};

/*
 * Collects all open character devices with this major number, as struct held, by one look through
 * /proc. A process that has one open several times stands there as often.
 * @complete: set to whether each process could be looked at.
 * Returns 0, or -ENOMEM.
 */
int holders_list(unsigned int device_major, struct list *list, bool *complete);

#endif
