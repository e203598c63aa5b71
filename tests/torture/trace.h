/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TORTURE_TRACE_H
#define TORTURE_TRACE_H

#include "calls.h"

#include <stdbool.h>
#include <stddef.h>

/* The process that was started counts its calls apart from those that it starts. */
enum trace_role {
	ROLE_FIRST,
	ROLE_OTHERS,
	ROLE_COUNT
};

/* What is to fail. Without @call no system call is, and then only memory may. */
struct fault {
	const struct call *call;
	enum trace_role role;
	unsigned int number; /* which call, from 1 on */
	int code;	     /* errno */
	const char *memory;  /* TORTURE_MEMORY, or NULL */
};

struct run {
	bool count; /* trace all calls, to learn their numbers */
	char **argv, **environment;
	const char *input;  /* file that is standard input */
	bool closed_output; /* standard output is a pipe that nobody reads */
	struct fault fault;

	/* The result */
	int status;			 /* as from wait() */
	bool late, ended;		 /* was killed after the time limit; has come to its end */
	bool others_left;		 /* processes that it started were there after it */
	int failed_file;		 /* descriptor of the call that failed, or -1 */
	bool failed;			 /* the fault came */
	unsigned long made, left, files; /* allocations; blocks, open files at the end */
	unsigned int counts[ROLE_COUNT][CALLS_MAX];
	char *out, *err;
	size_t out_length, err_length;
};

/* Ends the program where the tracing itself does not work. */
void trace_run(struct run *run);
void trace_release(struct run *run);

#endif
