/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLACE_H
#define REPLACE_H

#include "base/err.h"

#include <stdio.h>

/*
 * A file that takes another one's place as a whole: whoever reads by its name gets the old one or
 * the new one, and never a part, whatever happens meanwhile.
 */
struct replace {
	FILE *stream;	 /* to write to */
	char *path;	 /* that is replaced */
	char *temporary; /* beside it, until replace_commit() */
};

/*
 * Begins a file that is to be at @path, where there may be a file already, but nothing else than a
 * file. Returns 0, or a negative errno with @err filled. Release it in any case.
 */
int replace_begin(struct replace *replace, const char *path, struct err *err);

/*
 * Puts it on the disk, with permissions for all to read, and in its place. Returns 0, or a negative
 * errno with @err filled, also for what could not be written before; then the old file is there
 * still.
 */
int replace_commit(struct replace *replace, struct err *err);

/* Removes what was not put in its place. */
void replace_release(struct replace *replace);

#endif
