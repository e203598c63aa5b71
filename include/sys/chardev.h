/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHARDEV_H
#define CHARDEV_H

#include "base/err.h"

/*
 * A driver may take long over each of these calls, or never return. They run under the guard, see
 * guard.h.
 */

/*
 * Opens the character device @path for reading and writing. It opens nothing else, because opening
 * a FIFO, for example, could wait. The caller closes the file.
 * Returns the file descriptor, or a negative errno with @err filled; -ENODEV: @path is not a
 * character device.
 */
int chardev_open(const char *path, struct err *err);

/*
 * Makes a request that changes nothing. A signal that does not end the program repeats it.
 * @argument: of the size that @number encodes.
 * Returns the kernel's result, or a negative errno.
 */
int chardev_ioctl(int fd, unsigned long number, void *argument);

/* The same for a request that changes something, see guard_call(). */
int chardev_ioctl_changing(int fd, unsigned long number, void *argument);

/* Closes *@fd unless it is negative. */
void chardev_close(const int *fd);

#define _cleanup_chardev_ _cleanup_(chardev_close)

#endif
