/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Escapes text from outside before it is printed. */
#include "base/escape.h"

size_t utf8_length(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t length = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;

	if (c[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong sequences, surrogates, and code points beyond Unicode. */
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return length;
}

/* Terminals obey the control characters U+0080 to U+009F as well. */
static bool is_control(const unsigned char *c)
{
	return c[0] < ' ' || c[0] == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0);
}

static size_t plain_length(const unsigned char *c, enum escape_for reader)
{
	return reader == ESCAPE_FOR_TERMINAL && is_control(c) ? 0 : utf8_length((const char *)c);
}

static bool is_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* The text looks like one of our escapes, so another string could have the same escaped form. */
static bool looks_like_escape(const unsigned char *c)
{
	return c[0] == '\\' && c[1] == 'x' && is_digit(c[2]) && is_digit(c[3]);
}

bool escape_needed(const char *string, enum escape_for reader)
{
	const unsigned char *c = (const unsigned char *)string;

	while (*c) {
		size_t length = *c >= ' ' && *c < 0x7f ? 1 : plain_length(c, reader);

		if (!length || looks_like_escape(c))
			return true;
		c += length;
	}
	return false;
}

size_t escape_next(const char **string, enum escape_for reader, char piece[static ESCAPE_PIECE])
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *c = (const unsigned char *)*string;
	/* A backslash of the text must not look like the beginning of an escape. */
	const size_t length = *c == '\\' ? 0 : plain_length(c, reader);

	if (!*c)
		return 0;
	if (length) {
		memcpy(piece, c, length);
		*string += length;
		return length;
	}
	piece[0] = '\\';
	piece[1] = 'x';
	piece[2] = digits[*c >> 4];
	piece[3] = digits[*c & 15];
	++*string;
	return 4;
}

static char *escape_all(const char *string, enum escape_for reader)
{
	char *text = malloc(ESCAPE_PIECE * (strlen(string) + 1)), *end = text;

	if (!text)
		return NULL;
	for (size_t length; (length = escape_next(&string, reader, end));)
		end += length;
	*end = '\0';
	return text;
}

char *escape(const char *string, enum escape_for reader)
{
	return escape_needed(string, reader) ? escape_all(string, reader) : strdup(string);
}

bool escape_is_plain(const char *name)
{
	static const char plain[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.:,@%+/-";

	return *name && *name != '-' && !name[strspn(name, plain)];
}
