/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CALLER_H
#define CALLER_H

#include "base/err.h"

/*
 * Who asked for an operation: what they permit, and how they hear of what does not end it. The
 * operations below the command line know nothing else of it.
 */
struct caller {
	bool force;   /* do what is refused as dangerous */
	bool details; /* warn of what is not worth a word otherwise */
	/* A failure of one of several targets; the others go on. */
	void (*report)(struct caller *caller, const struct err *err);
	/* Something that is no failure. */
	void (*warn)(struct caller *caller, const char *text);
};

/* Who does not want to hear of anything, and permits nothing. */
extern struct caller caller_nobody;

void caller_report(struct caller *caller, const struct err *err);
void caller_warn(struct caller *caller, const char *format, ...) _printf_(2, 3);

#endif
