/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYSFS_H
#define SYSFS_H

#include "base/err.h"

#include <limits.h>

/* Whether @path is there, at or below /sys. */
bool sysfs_exists(const char *path);

/*
 * A number that changes whenever a device of any kind comes or goes: kernel's
 * /sys/kernel/uevent_seqnum. 0 where it cannot be read.
 */
uint64_t sysfs_uevent_sequence(void);

/*
 * What is read here and is not there counts as absent: 0. A negative errno says that there is no
 * telling, as when too many files are open; it must not be taken for "absent".
 */

/* Whether the attribute @path begins with @byte: 1, 0 or a negative errno. */
int sysfs_is(const char *path, char byte);

/*
 * Finds an entry of the directory @path whose name starts with @prefix, and copies its name.
 * Returns 1, 0 with an empty name, or a negative errno.
 */
int sysfs_find(const char *path, const char *prefix, char *name, size_t size);

/*
 * Reads the attribute @path into @text, without the newline at its end. Returns 1; 0 with an empty
 * text where it is not there, its driver does not tell it, or it is empty; or a negative errno.
 */
int sysfs_read(const char *path, char *text, size_t size);

/* Fills @err for the negative errno @ret of reading @path, and returns it. */
int sysfs_failed(struct err *err, int ret, const char *path);

/*
 * Writes @text to the attribute @path. Returns 0, or the negative errno with which the kernel, or
 * the file system, refused.
 */
int sysfs_write(const char *path, const char *text);

/* Bytes of a path below /sys, its end included: as much as a kernel gives for a link. */
#define SYSFS_PATH_SIZE 4096

/* Reads the symbolic link @path into @target. Returns whether there is one. */
bool sysfs_link(const char *path, char target[SYSFS_PATH_SIZE]);

/* The last part of a path. */
const char *sysfs_base(const char *path);

/*
 * Calls @entry for each symbolic link in the directory @path whose name begins with @prefix, with
 * that name and with where it points to. Returns 0, or what the first call returned that was not
 * 0, and ends there; or the negative errno with which the directory could not be read. One that is
 * not there has none.
 */
int sysfs_each_link(const char *path, const char *prefix,
		    int (*entry)(void *data, const char *name, const char *target), void *data);

/* The same for the names of all that is in it, links or not. */
int sysfs_each(const char *path, int (*entry)(void *data, const char *name), void *data);

/*
 * Calls @line for each line of the file @path, without its newline; of one that is longer than any
 * that is looked for, with its beginning. Returns whether the file could be opened.
 */
bool sysfs_each_line(const char *path, void (*line)(void *data, const char *text), void *data);

/*
 * Holds the file @path until *@fd is closed, against others that do the same, and waits for one
 * that does. It should be one that only root may write, so that nobody else can keep us waiting.
 * @shared: others who share it are no hindrance. @fd: gets a file descriptor, or -1 where the file
 * cannot be written, and then nothing is held. Close it on failure as well.
 * Returns 0, or with @err filled -EBUSY where one process holds it for 5 s, -EINTR after a signal.
 */
int sysfs_lock(const char *path, bool shared, int *fd, struct err *err);

/*
 * Finds the name in the directory @path that is meant by @name, which is not there. Returns whether
 * there is one, and copies it.
 */
bool sysfs_find_similar(const char *path, const char *name, char similar[static NAME_MAX + 1]);

/* Whether /sys is what it should be: files of another system may show through. */
bool sysfs_is_mounted(void);

/* Where it is not, nothing below it is known. Returns 0, or -ENOENT with how to mend it in @err. */
int sysfs_check(struct err *err);

#endif
