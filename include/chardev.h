/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHARDEV_H
#define CHARDEV_H

#include "err.h"

/*
 * Opens the character device @path for reading and writing; what is none is not opened, for that
 * could wait. The caller closes it.
 * Returns the file descriptor, or a negative errno with @err filled: -ENODEV for what is no
 * character device.
 */
int chardev_open(const char *path, struct err *err);

/*
 * Carries out a request, again when a signal came between.
 * @argument: of the size that @number tells.
 * Returns what the kernel did, or a negative errno.
 */
int chardev_ioctl(int fd, unsigned long number, void *argument);

/* The same where the kernel may take long, and nothing ends its wait: see guard.h. */
int chardev_ioctl_patiently(int fd, unsigned long number, void *argument);

/* Closes *@fd, unless it is negative, and makes it so; the kernel may take long, too. */
void chardev_close_patiently(int *fd);

#endif
