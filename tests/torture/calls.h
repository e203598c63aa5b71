/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TORTURE_CALLS_H
#define TORTURE_CALLS_H

/* The calls that can be made to fail, each with the errors that its manual page names. */

#define CALL_ERRORS 16

struct call {
	const char *name;
	int number;		 /* of the system call, or negative: -(enum torture_call) */
	int errors[CALL_ERRORS]; /* up to a 0 */
};

extern const struct call calls[];
extern const unsigned int call_count;

#define CALLS_MAX 80

#endif
