/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLACE_H
#define REPLACE_H

#include "base/err.h"

#include <stdio.h>

/*
 * A file that replaces another one as a whole: whoever opens the name gets the old file or the new
 * one, never a part of it, even if we are killed.
 */
struct replace {
	FILE *stream;	 /* to write to */
	char *path;	 /* the file to replace */
	char *temporary; /* name of the new file in the same directory, until replace_commit() */
};

/*
 * Begins a new file for @path, where a regular file may exist, but nothing else. Returns 0, or a
 * negative errno with @err filled. Call replace_release() in any case.
 */
int replace_begin(struct replace *replace, const char *path, struct err *err);

/*
 * Writes the new file to the disk, makes it readable for all, and renames it to @path. Returns 0,
 * or a negative errno with @err filled, which includes earlier failures to write; the old file then
 * still exists.
 */
int replace_commit(struct replace *replace, struct err *err);

/* Deletes the new file unless it was committed. */
void replace_release(struct replace *replace);

#endif
