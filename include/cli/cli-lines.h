/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include "base/err.h"

#include <stdio.h>

/* A file of commands, one on each line. */
struct cli_lines {
	FILE *file;    /* owned by the caller, who closes it */
	char *line;    /* the current line, for cli_split() */
	size_t size;   /* bytes allocated for it */
	size_t begin;  /* number of the line in the file where it begins, from 1 */
	size_t number; /* lines read so far */
	bool ended;    /* the rest of the file cannot be read */
};

/*
 * Reads the next line, together with the lines that a backslash at its end joins to it. The newline
 * is dropped, and so is the byte order mark with which some editors begin a file. Returns 1, 0 at
 * the end of the file, or a negative errno with @err filled: the line holds a NUL byte, there is no
 * memory, or the file cannot be read.
 */
int cli_lines_next(struct cli_lines *lines, struct err *err);

void cli_lines_release(struct cli_lines *lines);

#endif
