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
	unsigned long long started; /* start of the process, in clock ticks since the boot */
	char command[32];	    /* name of the process, at most 15 bytes */
	/* Where it was found: the thread whose file table holds the device, and the descriptor. */
	pid_t thread;
	int fd;
};

/*
 * Finds the processes that have a device open, in /proc. Child processes may have inherited the
 * device and are not the ones to name, so the oldest process comes first.
 *
 * No search sees a descriptor that is in flight in a socket, or one that was registered with
 * io_uring and then closed. When the answer must be certain, ask the device as well: see
 * vdpa-bus.h.
 */
enum holders_answer {
	HOLDERS_NONE,	/* no process has the device in its file table */
	HOLDERS_FOUND,	/* at least one has */
	HOLDERS_UNKNOWN /* none was found, but some processes could not be examined */
};

/* Looks for the oldest holder of the device with this number, wherever its node is. */
enum holders_answer holders_find_device(dev_t device, struct holder *holder);

/* Returns 1 with the oldest holder of the character device @path, or 0 if none was found. */
int holders_find(const char *path, struct holder *holder);

/*
 * Adds a struct holder to @holders for each process and each character device with the major number
 * @major that it has open, in one pass over /proc. Sorts them all: the oldest process first. It
 * leaves out what the caller may not see.
 * @complete: set to whether every process could be examined.
 * Returns 0 or -ENOMEM.
 */
int holders_collect(unsigned int major, struct list *holders, bool *complete);

/* Returns whether a holder from an earlier search still has the device open. */
bool holders_still(const struct holder *holder);

/*
 * Counts the open files of character devices of @module, whether a search finds them or not: each
 * of them holds two references to the module. Others may hold references as well, such as a program
 * that traces the module. So 0 means that there are no holders, and a count above the holders found
 * means that there may be more.
 * Returns false if the kernel does not tell: the driver is built in, or modules cannot be unloaded.
 */
bool holders_count_open(const char *module, unsigned int *count);

#endif
