/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ESCAPE_H
#define ESCAPE_H

#include "base/base.h"

/* Bytes of the UTF-8 sequence that begins at @text, or 0 if none does. */
size_t utf8_length(const char *text);

/* A terminal obeys control characters; JSON has its own way to write them. */
enum escape_for {
	ESCAPE_FOR_TERMINAL,
	ESCAPE_FOR_JSON,
};

/* Whether a string holds bytes that are not UTF-8, what @reader must not get, or text like "\xff".
 */
bool escape_needed(const char *string, enum escape_for reader);

/*
 * A copy that holds \xNN in their place, to be freed, so that no two strings become the same: where
 * something is escaped, or looks as if it were, a backslash is \x5c. NULL when there is no memory.
 */
char *escape(const char *string, enum escape_for reader);

/* Whether a shell takes a name as one word, and a command it for no option, just as it stands. */
bool escape_is_plain(const char *name);

#endif
