/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include "base/err.h"

#include <stdio.h>

/* A file of commands, a line each. */
struct cli_lines {
	FILE *file;    /* the caller's, who closes it */
	char *line;    /* the present one, for cli_split() */
	size_t size;   /* of its memory */
	size_t begin;  /* where it begins in the file: a number of lines, from 1 */
	size_t number; /* of lines read */
	bool ended;    /* no more of the file can be read */
};

/*
 * Reads the next line, with those that a backslash at its end joins to it, without a newline or the
 * mark by which some editors begin a file. Returns 1, 0 at the end, or a negative errno with @err
 * filled: a line that holds a NUL byte, no memory, a file that cannot be read.
 */
int cli_lines_next(struct cli_lines *lines, struct err *err);

void cli_lines_release(struct cli_lines *lines);

#endif
