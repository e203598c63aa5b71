/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one error of a call: its words, its hint, its exit status. */
#include "base/err.h"

#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/* The kernel's own "operation not supported", which its drivers let slip to user space. */
#define ENOTSUPP 524

/*
 * Formats a text. One that is too long loses its middle, which is some word of the user's: its end
 * says why the command failed.
 */
_printf_(3, 0) static void put(char *text, size_t size, const char *format, va_list args)
{
	_cleanup_free_ char *whole = NULL;
	const size_t half = size / 2;
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(text, size, format, args);
	if (length >= (int)size && vasprintf(&whole, format, again) >= 0) {
		size_t left = size - half - strlen("...") - 1;

		memcpy(mempcpy(text + half, "...", 3), whole + length - left, left + 1);
	}
	va_end(again);
}

_printf_(3, 4) static void put_all(char *text, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(text, size, format, args);
	va_end(args);
}

_printf_(4, 0) static void set(struct err *err, enum status status, int code, const char *format,
			       va_list args)
{
	err->code = code;
	err->status = status;
	err->hint[0] = '\0';
	put(err->text, sizeof(err->text), format, args);
}

int err_set(struct err *err, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(err, STATUS_DONE, code, format, args);
	va_end(args);
	return -code;
}

int err_set_status(struct err *err, enum status status, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(err, status, code, format, args);
	va_end(args);
	return -code;
}

int err_usage(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(err, STATUS_USAGE, EINVAL, format, args);
	va_end(args);
	return -EINVAL;
}

void err_context(struct err *err, const char *format, ...)
{
	char context[sizeof(err->text)], text[sizeof(err->text)];
	va_list args;

	va_start(args, format);
	put(context, sizeof(context), format, args);
	va_end(args);
	put_all(text, sizeof(text), "%s: %s", context, err->text);
	memcpy(err->text, text, sizeof(text));
}

void err_append(struct err *err, const char *format, ...)
{
	struct text text = text_continue(err->text, sizeof(err->text));
	va_list args;

	va_start(args, format);
	text_add_arguments(&text, format, args);
	va_end(args);
}

void err_hint(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->hint, sizeof(err->hint), format, args);
	va_end(args);
}

int err_memory(struct err *err)
{
	return err_set(err, ENOMEM, "not enough memory");
}

enum status err_exit_status(const struct err *err)
{
	if (err->status)
		return err->status;
	switch (err->code) {
	case 0:
		return STATUS_DONE;
	case ENODEV:
		return STATUS_NO_DEVICE;
	case EEXIST:
		return STATUS_EXISTS;
	case EBUSY:
		return STATUS_BUSY;
	case EPERM:
	case EACCES:
		return STATUS_NOT_PERMITTED;
	case EOPNOTSUPP:
	case ENOTSUPP:
		return STATUS_NOT_SUPPORTED;
	default:
		return STATUS_FAILED;
	}
}

const char *err_words(int code)
{
	return strerror(code == ENOTSUPP ? EOPNOTSUPP : code);
}
