/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HOLDERS_H
#define HOLDERS_H

#include "base.h"

#include <sys/types.h>

/* A process that has a device's node open. */
struct holder {
	dev_t device;
	pid_t pid;
	unsigned long long started; /* when the process was, in clock ticks since the boot */
	char command[32];	    /* its name as the kernel keeps it, of at most 15 bytes */
};

/*
 * Looks for a process that has the character device @path open, by /proc.
 * Returns 1 with the oldest one in @holder, or 0: nobody has, or the caller may not see it. What a
 * process starts may have inherited the device, and is not the one to name.
 */
int holders_find(const char *path, struct holder *holder);

/* The same for a device of this number, whatever its node is called and where it lies. */
int holders_find_device(dev_t device, struct holder *holder);

/*
 * Adds a struct holder to @holders for each process and each character device of the number @major
 * that it has open, in one pass over /proc, and orders them all: the oldest process first. What the
 * caller may not see is left out.
 * @complete: set to whether each process could be looked at.
 * Returns 0 or -ENOMEM.
 */
int holders_collect(unsigned int major, struct list *holders, bool *complete);

#endif
