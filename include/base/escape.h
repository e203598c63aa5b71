/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ESCAPE_H
#define ESCAPE_H

#include "base/base.h"

/*
 * Returns the length in bytes of the UTF-8 sequence at @text, or 0 if the bytes are not valid
 * UTF-8.
 */
size_t utf8_length(const char *text);

/* A terminal obeys control characters; JSON has its own escapes for them. */
enum escape_for {
	ESCAPE_FOR_TERMINAL,
	ESCAPE_FOR_JSON,
};

/*
 * Returns whether escape() would change @string: it holds bytes that are not UTF-8, characters that
 * @reader must not get, or text that looks like "\xff".
 */
bool escape_needed(const char *string, enum escape_for reader);

/*
 * Returns a copy of @string, which the caller frees, or NULL if there is no memory. Each byte that
 * @reader must not get becomes \xNN. No two strings have the same result: when anything is escaped,
 * or looks like an escape, each backslash becomes \x5c as well.
 */
char *escape(const char *string, enum escape_for reader);

/*
 * Escapes a string piece by piece without allocating memory; use it when escape_needed() is true.
 * Writes the next piece of *@string and advances *@string. Returns the length of the piece, which
 * has no NUL at its end, or 0 at the end of the string.
 */
#define ESCAPE_PIECE 4
size_t escape_next(const char **string, enum escape_for reader, char piece[static ESCAPE_PIECE]);

/*
 * Returns whether @name can stand in a command as it is: a shell reads it as one word, and it does
 * not look like an option.
 */
bool escape_is_plain(const char *name);

#endif
