/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUT_INTERNAL_H
#define OUT_INTERNAL_H

#include "out/out.h"

/* What the writers of both forms share, and text's to the walk over the fields. */

/* Hands the buffer to the stream. */
void out_flush(struct out *out);

static inline void put_byte(struct out *out, char byte)
{
	out->buffer[out->used++] = byte;
	if (out->used == sizeof(out->buffer))
		out_flush(out);
}

/*
 * Words are short: finding their length and copying them by calls would take longer. So would
 * counting in memory.
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

static inline void put_blanks(struct out *out, size_t count)
{
	while (count--)
		put_byte(out, ' ');
}

/* Whether a byte may stand as it is, for whomever: visible ones and the blank, but for " and \. */
extern const bool out_plain[256];

/*
 * The one loop that every string goes through: puts as much of it as may stand as it is, and as has
 * room. Returns what is left of it.
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
 * Puts @string if all of it may stand as it is. Returns its length, or -1 with nothing put.
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
	/* There was no room for all of it. */
	put(out, rest);
	return (ssize_t)strlen(string);
}

/* A value behind its key, in its cell or alone, as the field that is written has it. */
void text_value(struct out *out, const char *key, const char *string);

/* The parts of a line. */
void text_key(struct out *out, const char *key);
void text_name(struct out *out, const char *name);
void text_blank(struct out *out, char mark);
void text_cell(struct out *out, const char *string, unsigned int width);

/* A line of its own for what follows; iproute2 keeps a record on one line by "\". */
void text_tail(struct out *out);
void text_line(struct out *out);

/* The keys as heads of columns. */
void text_head(struct out *out, const struct out_field *fields);

#endif
