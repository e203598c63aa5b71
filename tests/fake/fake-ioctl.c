/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers ioctls from a script, preloaded in place of the kernel. */

/*
 * This library replaces the C library's ioctl() (LD_PRELOAD). FAKE_IOCTLS is the script: the
 * expected requests, separated by blanks, each as NUMBER:ARGUMENT:RESULT. ARGUMENT is the 32-bit
 * number that the argument points at, or "null". RESULT is the number to return, or a negative
 * errno. A request that differs or is one too many aborts the program. Requests left over at the
 * end are reported on standard error.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static const char *script;

__attribute__((constructor)) static void begin(void)
{
	script = getenv("FAKE_IOCTLS");
}

__attribute__((destructor)) static void end(void)
{
	if (script && *script)
		fprintf(stderr, "fake-ioctl: WRONG: left over: %s\n", script);
}

__attribute__((noreturn)) static void fail(const char *what, const char *asked)
{
	fprintf(stderr, "fake-ioctl: WRONG: %s %s\n", what, asked);
	abort();
}

int ioctl(int fd, unsigned long number, ...)
{
	const uint32_t *argument;
	char asked[64], value[32] = "null";
	size_t length;
	int result;
	va_list args;

	va_start(args, number);
	argument = va_arg(args, const uint32_t *);
	va_end(args);
	/* The tool asks whether standard output is a terminal, which it is not. */
	if (number == TIOCGWINSZ) {
		errno = ENOTTY;
		return -1;
	}
	if (argument)
		snprintf(value, sizeof(value), "%u", *argument);
	length = (size_t)snprintf(asked, sizeof(asked), "0x%lx:%s:", number, value);
	if (fd < 0 || !script || strncmp(script, asked, length))
		fail("unexpected request:", asked);
	script += length;
	result = (int)strtol(script, (char **)&script, 10);
	script += *script == ' ';
	if (result >= 0)
		return result;
	errno = -result;
	return -1;
}
