/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TORTURE_LINES_H
#define TORTURE_LINES_H

#include <stdbool.h>
#include <stdio.h>

#define LINE_WORDS 64

/* A command line of the list; the list's head describes the marks. */
struct line {
	char *text;		 /* without marks */
	char *words[LINE_WORDS]; /* up to a NULL */
	const char *input;	 /* file that is standard input, or NULL */
	char *environment[4];	 /* further variables, up to a NULL */
	bool partial, lines, subset, report, details, closed;
	char memory[8192];
};

/* Reads the next line. Returns whether there was one; a wrong mark ends the program. */
bool line_read(FILE *list, struct line *line);

#endif
