/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HOLDERS_H
#define HOLDERS_H

#include "base/base.h"
#include "base/list.h"

#include <sys/types.h>

/* A process that has a device's node open. */
struct holder {
	dev_t device;
	pid_t pid;
	unsigned long long started; /* when the process was, in clock ticks since the boot */
	char command[32];	    /* its name as the kernel keeps it, of at most 15 bytes */
	/* Where it was found: the thread whose table of files has it, and its number there. */
	pid_t thread;
	int fd;
};

/*
 * The processes that have a device open, by /proc. What a process starts may have inherited the
 * device and is not the one to name: the oldest process comes first.
 *
 * No search sees a descriptor that is in flight in a socket, or one that was registered with
 * io_uring and closed. What must be certain has to ask the device as well: see vdpa-bus.h.
 */
enum holders_answer {
	HOLDERS_NONE,	/* no process has it in its table of files */
	HOLDERS_FOUND,	/* one has */
	HOLDERS_UNKNOWN /* none was found, but not every process could be looked at */
};

/* Looks for the oldest holder of the device with this number, wherever its node lies. */
enum holders_answer holders_find_device(dev_t device, struct holder *holder);

/* Returns 1 with a holder of the character device @path, or 0 where none was found. */
int holders_find(const char *path, struct holder *holder);

/*
 * Adds a struct holder to @holders for each process and each character device of the number @major
 * that it has open, in one pass over /proc, and orders them all: the oldest process first. What the
 * caller may not see is left out.
 * @complete: set to whether each process could be looked at.
 * Returns 0 or -ENOMEM.
 */
int holders_collect(unsigned int major, struct list *holders, bool *complete);

/* Whether a holder that a search found still has the device open. */
bool holders_still(const struct holder *holder);

/*
 * Counts the open files of character devices of @module, found or not: each holds its module twice.
 * Something else may hold a module, too, such as a program that traces it; so more than was found
 * means that there may be holders which no search sees, and 0 that there are none.
 * Returns false where the kernel does not say: the driver is built in, or modules stay for ever.
 */
bool holders_count_open(const char *module, unsigned int *count);

#endif
