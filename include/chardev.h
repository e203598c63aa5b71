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

#endif
