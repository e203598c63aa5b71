/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Passes failures and warnings of an operation to its caller. */
#include "base/caller.h"

#include <stdarg.h>
#include <stdio.h>

#define WARNING_SIZE 1024

static void ignore_failure(struct caller *caller _unused_, const struct err *err _unused_)
{
}

static void ignore_warning(struct caller *caller _unused_, const char *text _unused_)
{
}

struct caller caller_nobody = { .report = ignore_failure, .warn = ignore_warning };

void caller_report(struct caller *caller, const struct err *err)
{
	caller->report(caller, err);
}

void caller_warn(struct caller *caller, const char *format, ...)
{
	char text[WARNING_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	caller->warn(caller, text);
}
