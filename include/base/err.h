/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ERR_H
#define ERR_H

#include "base/base.h"

/* The exit statuses of all tools. */
enum status {
	STATUS_DONE,
	STATUS_FAILED,
	STATUS_USAGE,
	STATUS_NO_DEVICE,
	STATUS_EXISTS,
	STATUS_BUSY,
	STATUS_NOT_PERMITTED,
	STATUS_NOT_SUPPORTED,
	STATUS_DIFFERENT, /* "apply ... check" found something to do */
};

/*
 * A failure: whoever finds it fills this, and its callers add context on the way up.
 * Functions return -errno and fill this; only main prints it.
 */
struct err {
	int code;	    /* errno, 0 while nothing failed */
	enum status status; /* STATUS_DONE: the one that the code implies */
	char text[1024];    /* "what was tried: why", in the caller's bytes: escape to print */
	char hint[384];	    /* how to fix it, or empty */
};

/* Nothing failed yet. Of a line of thousands, what the texts hold is not worth the time. */
static inline void err_clear(struct err *err)
{
	err->code = 0;
	err->status = STATUS_DONE;
	err->text[0] = err->hint[0] = '\0';
}

/* Sets code and text, forgetting what stood there. Returns -@code. */
int err_set(struct err *err, int code, const char *format, ...) _printf_(3, 4);

/* The same with an exit status other than that of the code. Returns -@code. */
int err_set_status(struct err *err, enum status status, int code, const char *format, ...)
	_printf_(4, 5);

/* A mistake on the command line: status 2. Returns -EINVAL. */
int err_usage(struct err *err, const char *format, ...) _printf_(2, 3);

/* Puts "what was tried: " in front of the text. */
void err_context(struct err *err, const char *format, ...) _printf_(2, 3);

/* Adds to the end of the text. */
void err_append(struct err *err, const char *format, ...) _printf_(2, 3);

/* Sets the hint, a command or a short sentence. */
void err_hint(struct err *err, const char *format, ...) _printf_(2, 3);

/* Out of memory. Returns -ENOMEM. */
int err_memory(struct err *err);

/* The exit status that an error ends in. */
enum status err_exit_status(const struct err *err);

/* Words for an errno, those included that the C library does not know. */
const char *err_words(int code);

#endif
