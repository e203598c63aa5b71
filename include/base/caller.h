/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CALLER_H
#define CALLER_H

#include "base/err.h"

/*
 * The one who asked for an operation: what they permit, and how warnings and failures of single
 * targets reach them while the operation goes on. Code below the command line knows nothing else
 * about the user interface.
 */
struct caller {
	bool force;   /* do what is otherwise refused as dangerous */
	bool details; /* also warn about minor things */
	/* Reports that one of several targets failed; the others are still tried. */
	void (*report)(struct caller *caller, const struct err *err);
	/* Reports something that is not a failure. */
	void (*warn)(struct caller *caller, const char *text);
};

/* A caller that ignores every report and permits nothing dangerous. */
extern struct caller caller_nobody;

void caller_report(struct caller *caller, const struct err *err);
void caller_warn(struct caller *caller, const char *format, ...) _printf_(2, 3);

#endif
