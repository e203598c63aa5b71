/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * System calls in which the kernel may stay for as long as it likes, and from which no signal calls
 * it back. Each is made by a process that shares our memory: we can tell the user what it is that
 * takes long, and a signal ends us and gives the terminal back, whatever the kernel still does.
 */

/*
 * What is called when a system call has taken two seconds, once for each such call. It must not
 * rely on errno, and not be long.
 */
void patience_announce(void (*late)(void *data), void *data);

/*
 * Makes a system call that way.
 * @call: makes it, and returns what it returned, with errno. In its process only the file @fd is
 * open, and the stack is small. @fd: negative: all files are, and those that the call opens or
 * closes are so for us as well.
 * Returns the same.
 */
ssize_t patience_call(ssize_t (*call)(const void *data), const void *data, int fd);

#endif
