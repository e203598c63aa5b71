/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds text piece by piece in storage of a fixed size. */
#include "base/text.h"

#include <stdio.h>

struct text text_begin(char *bytes, size_t size)
{
	bytes[0] = '\0';
	return (struct text){ .bytes = bytes, .size = size };
}

struct text text_continue(char *bytes, size_t size)
{
	return (struct text){ .bytes = bytes, .size = size, .length = strlen(bytes) };
}

void text_add_arguments(struct text *text, const char *format, va_list args)
{
	const size_t room = text->size - text->length;
	int length = vsnprintf(text->bytes + text->length, room, format, args);

	if (length < 0)
		return;
	text->cut = text->cut || (size_t)length >= room;
	text->length += (size_t)length < room ? (size_t)length : room - 1;
}

void text_add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_add_arguments(text, format, args);
	va_end(args);
}

void text_join(struct text *text, const char *separator, const char *format, ...)
{
	va_list args;

	if (text->length)
		text_add(text, "%s", separator);
	va_start(args, format);
	text_add_arguments(text, format, args);
	va_end(args);
}
