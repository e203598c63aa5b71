/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUT_INTERNAL_H
#define OUT_INTERNAL_H

#include "out/out.h"

/*
 * Functions that the writers of both forms share, and those of the text form that the walk over the
 * fields calls.
 */

/* Writes the buffer to the stream. */
void out_flush(struct out *out);

static inline void put_byte(struct out *out, char byte)
{
	out->buffer[out->used++] = byte;
	if (out->used == sizeof(out->buffer))
		out_flush(out);
}

/*
 * Words are short, so that calls to find their length and copy them would take longer than this
 * loop. So would counting in memory.
 */
static inline void put(struct out *out, const char *string)
{
	const size_t room = sizeof(out->buffer) - 1 - out->used;
	char *to = out->buffer + out->used;
	size_t length = 0;

	for (; length < room && string[length]; length++)
		to[length] = string[length];
	out->used += length;
	for (string += length; *string; string++)
		put_byte(out, *string);
}

static inline void put_bytes(struct out *out, const char *bytes, size_t count)
{
	while (count--)
		put_byte(out, *bytes++);
}

static inline void put_blanks(struct out *out, size_t count)
{
	while (count--)
		put_byte(out, ' ');
}

/*
 * Bytes that neither a terminal nor JSON needs escaped: visible ASCII and the blank, except " and
 * \.
 */
extern const bool out_plain[256];

/*
 * Every string goes through this one loop. It writes as much of @string as needs no escape and fits
 * into the buffer. Returns the rest.
 */
static inline const char *put_plain(struct out *out, const char *string)
{
	const size_t room = sizeof(out->buffer) - 1 - out->used;
	char *to = out->buffer + out->used;
	size_t length = 0;

	for (; length < room && out_plain[(unsigned char)string[length]]; length++)
		to[length] = string[length];
	out->used += length;
	return string + length;
}

static inline bool is_all_plain(const char *string)
{
	while (out_plain[(unsigned char)*string])
		string++;
	return !*string;
}

/*
 * Writes @string if no byte of it needs an escape. Returns its length, or -1 if nothing was
 * written.
 */
static inline ssize_t put_if_plain(struct out *out, const char *string)
{
	const size_t before = out->used;
	const char *rest = put_plain(out, string);

	if (!*rest)
		return rest - string;
	if (!is_all_plain(rest)) {
		out->used = before;
		return -1;
	}
	/* The buffer was full before the end of the string. */
	put(out, rest);
	return (ssize_t)strlen(string);
}

/* Writes a value after its key, in its cell, or alone, as the current field requires. */
void text_value(struct out *out, const char *key, const char *string);

/* Write the parts of a line. */
void text_key(struct out *out, const char *key);
void text_name(struct out *out, const char *name);
void text_blank(struct out *out, char mark);
void text_cell(struct out *out, const char *string, unsigned int width);

/* End a line. iproute2 keeps a record on one line with "\". */
void text_tail(struct out *out);
void text_line(struct out *out);

/* Writes the keys as the heads of columns. */
void text_head(struct out *out, const struct out_field *fields);

#endif
