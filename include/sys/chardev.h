/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHARDEV_H
#define CHARDEV_H

#include "base/err.h"

/* A driver may take long over each of these, or never answer: guard.h says what happens then. */

/*
 * Opens the character device @path for reading and writing; what is none is not opened, for that
 * could wait. The caller closes it.
 * Returns the file descriptor, or a negative errno with @err filled: -ENODEV for what is no
 * character device.
 */
int chardev_open(const char *path, struct err *err);

/*
 * Carries out a request that changes nothing, again when a signal came between; one that makes us
 * end ends it.
 * @argument: of the size that @number tells.
 * Returns what the kernel did, or a negative errno.
 */
int chardev_ioctl(int fd, unsigned long number, void *argument);

/* The same for a request that changes something, for which see guard_call(). */
int chardev_ioctl_changing(int fd, unsigned long number, void *argument);

/* Closes *@fd unless it is negative. */
void chardev_close(const int *fd);

#define _cleanup_chardev_ _cleanup_(chardev_close)

#endif
