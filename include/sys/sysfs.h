/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYSFS_H
#define SYSFS_H

#include "base/err.h"

#include <limits.h>

/* Returns whether @path exists; it is /sys or below it. */
bool sysfs_exists(const char *path);

/*
 * Returns a number that changes whenever a device of any kind is added or removed: the kernel's
 * /sys/kernel/uevent_seqnum. 0: it cannot be read.
 */
uint64_t sysfs_uevent_sequence(void);

/*
 * For the following functions a file that does not exist is absent: they return 0. A negative errno
 * means that the answer is unknown, for example because too many files are open. Do not treat that
 * as absent.
 */

/* Returns 1 if the attribute @path begins with @byte, 0 if not, or a negative errno. */
int sysfs_is(const char *path, char byte);

/*
 * Finds an entry of the directory @path whose name begins with @prefix, and copies its name.
 * Returns 1, 0 with an empty name, or a negative errno.
 */
int sysfs_find(const char *path, const char *prefix, char *name, size_t size);

/*
 * Reads the attribute @path into @text, without the newline at its end. Returns 1, or 0 with an
 * empty text if the attribute does not exist, is empty, or its driver fails to read it, or a
 * negative errno.
 */
int sysfs_read(const char *path, char *text, size_t size);

/* The same for a path that starts at @directory, a file descriptor. */
int sysfs_read_at(int directory, const char *path, char *text, size_t size);

/* Fills @err for the failure @ret, a negative errno, to read @path. Returns @ret. */
int sysfs_failed(struct err *err, int ret, const char *path);

/*
 * Writes @text to the attribute @path. Returns 0, or the negative errno with which the kernel or
 * the file system refused.
 */
int sysfs_write(const char *path, const char *text);

/* Size of a buffer for a path below /sys. The kernel returns no longer target of a link. */
#define SYSFS_PATH_SIZE 4096

/* Reads the symbolic link @path into @target. Returns whether there is one. */
bool sysfs_link(const char *path, char target[SYSFS_PATH_SIZE]);

/* The same for a path that starts at @directory, a file descriptor. */
bool sysfs_link_at(int directory, const char *path, char target[SYSFS_PATH_SIZE]);

/* Returns the last component of a path. */
const char *sysfs_base(const char *path);

/*
 * Calls @entry for each symbolic link in the directory @path whose name begins with @prefix, with
 * its name and target. A result of @entry other than 0 ends the walk.
 * Returns 0, the result of @entry that ended the walk, or the negative errno with which the
 * directory could not be read. A directory that does not exist counts as empty.
 */
int sysfs_each_link(const char *path, const char *prefix,
		    int (*entry)(void *data, const char *name, const char *target), void *data);

/* The same for the names of all entries, links or not. */
int sysfs_each(const char *path, int (*entry)(void *data, const char *name), void *data);

/*
 * Calls @line for each line of the file @path, without its newline. Of a line longer than 1 KiB
 * only the beginning is passed on. Returns whether the file could be opened.
 */
bool sysfs_each_line(const char *path, void (*line)(void *data, const char *text), void *data);

/*
 * Locks the file @path against other callers until *@fd is closed, and waits for whoever has it
 * locked. The file should be one that only root can write, so that no other user can block us.
 * @shared: several callers may hold the lock at once if all share it.
 * @fd: set to a file descriptor, or to -1 if the file cannot be written and nothing is locked.
 * Close it on failure as well.
 * Returns 0, -EBUSY with @err filled if one process keeps the lock for 5 s, or -EINTR after a
 * signal.
 */
int sysfs_lock(const char *path, bool shared, int *fd, struct err *err);

/*
 * Finds the name in the directory @path that is most similar to the mistyped @name, and copies it.
 * Returns whether there is one.
 */
bool sysfs_find_similar(const char *path, const char *name, char similar[static NAME_MAX + 1]);

/* Returns whether sysfs is mounted at /sys. Otherwise the files of another system may be there. */
bool sysfs_is_mounted(void);

/* Returns 0 if sysfs is mounted, otherwise -ENOENT with how to fix it in @err. */
int sysfs_check(struct err *err);

#endif
