/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYSFS_H
#define SYSFS_H

#include "base.h"

#include <unistd.h>

/* Whether @path is there, at or below /sys. */
bool sysfs_exists(const char *path);

/*
 * A number that changes whenever a device of any kind comes or goes: kernel's
 * /sys/kernel/uevent_seqnum. 0 where it cannot be read.
 */
uint64_t sysfs_uevent_sequence(void);

/* Whether the attribute @path can be read and begins with @byte. */
bool sysfs_is(const char *path, char byte);

/*
 * Finds an entry of the directory @path whose name starts with @prefix, and copies its name.
 * Returns whether there is one.
 */
bool sysfs_find(const char *path, const char *prefix, char *name, size_t size);

/*
 * Reads the attribute @path into @text, without the newline at its end. False where it cannot be
 * read, or is empty.
 */
bool sysfs_read(const char *path, char *text, size_t size);

/*
 * Calls @entry for the name of each entry of the directory @path. Returns 0, or what the first call
 * returned that was not 0, and ends there. A directory that is not there has none.
 */
int sysfs_each(const char *path, int (*entry)(void *data, const char *name), void *data);

/*
 * Calls @line for each line of the file @path, without its newline; of one that is longer than any
 * that is looked for, with its beginning. Returns whether the file could be opened.
 */
bool sysfs_each_line(const char *path, void (*line)(void *data, const char *text), void *data);

/*
 * Holds the directory @path until the result is closed, against others that do the same; waits for
 * one that does. Returns a file descriptor, or -1 where there is no such directory.
 */
int sysfs_lock(const char *path);

static inline void close_file(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define _cleanup_close_ _cleanup_(close_file)

#endif
