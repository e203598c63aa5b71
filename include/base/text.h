/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEXT_H
#define TEXT_H

#include "base/base.h"

#include <stdarg.h>

/*
 * Text that grows in the caller's storage. Whatever does not fit is cut off, and the text always
 * ends with a NUL byte, so that callers need not check each addition.
 */
struct text {
	char *bytes;
	size_t size;   /* bytes of the storage, with the NUL byte */
	size_t length; /* bytes of the text */
	bool cut;      /* something did not fit */
};

/* Returns an empty text in @bytes, which has room for @size bytes, at least 1. */
struct text text_begin(char *bytes, size_t size);

/* Appends to the text that is already in @bytes. */
struct text text_continue(char *bytes, size_t size);

void text_add(struct text *text, const char *format, ...) _printf_(2, 3);
void text_add_arguments(struct text *text, const char *format, va_list args) _printf_(2, 0);

/* Appends an item of a list: @separator comes before each item but the first. */
void text_join(struct text *text, const char *separator, const char *format, ...) _printf_(3, 4);

#endif
