/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splits a line of a batch into words as a shell does. */
#include "cli/cli.h"

#include <limits.h>

/*
 * Where a word is read, and where its bytes are written: never after "from". NULL: they are not
 * written.
 */
struct cursor {
	const char *from;
	char *to;
};

static void take(struct cursor *cursor)
{
	if (cursor->to)
		*cursor->to++ = *cursor->from;
	cursor->from++;
}

/* Between double quotes, a backslash quotes only a double quote or a backslash. */
static bool is_escape(const char *from, char quote)
{
	return from[0] == '\\' && from[1] && quote != '\'' &&
	       (!quote || from[1] == '"' || from[1] == '\\');
}

static bool split_quoted(struct cursor *cursor)
{
	char quote = *cursor->from++;

	while (*cursor->from && *cursor->from != quote) {
		cursor->from += is_escape(cursor->from, quote);
		take(cursor);
	}
	return *cursor->from++ == quote;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct cursor *cursor)
{
	while (is_blank(*cursor->from))
		cursor->from++;
}

/*
 * Takes what stands for itself. Files of commands have lines by the thousand, and most of their
 * bytes are such: a look at each in a table is what they can cost.
 */
static void take_plain(struct cursor *cursor)
{
	static const bool special[UCHAR_MAX + 1] = {
		['\0'] = true, [' '] = true,  ['\t'] = true, ['\r'] = true,
		['\n'] = true, ['\''] = true, ['"'] = true,  ['\\'] = true,
	};

	const char *from = cursor->from;
	char *to = cursor->to;

	while (!special[(unsigned char)*from]) {
		if (to)
			*to++ = *from;
		from++;
	}
	*cursor = (struct cursor){ .from = from, .to = to };
}

/* Reads one word. Returns false if a quote has no end. */
static bool split_word(struct cursor *cursor)
{
	for (take_plain(cursor); *cursor->from && !is_blank(*cursor->from); take_plain(cursor)) {
		if (*cursor->from == '\'' || *cursor->from == '"') {
			if (!split_quoted(cursor))
				return false;
			continue;
		}
		cursor->from += is_escape(cursor->from, '\0');
		take(cursor);
	}
	return true;
}

bool cli_ends_in_comment(const char *line)
{
	struct cursor cursor = { .from = line };

	do {
		skip_blanks(&cursor);
		if (*cursor.from == '#')
			return true;
	} while (*cursor.from && split_word(&cursor));
	return false;
}

static bool add(struct cli_words *words, size_t *size, char *word)
{
	if (words->count + 2 > *size) {
		size_t larger = *size ? 2 * *size : 32;
		char **grown = reallocarray(words->words, larger, sizeof(*grown));

		if (!grown)
			return false;
		words->words = grown;
		*size = larger;
	}
	words->words[words->count++] = word;
	words->words[words->count] = NULL;
	return true;
}

int cli_split(char *line, struct cli_words *words, struct err *err)
{
	struct cursor cursor = { .from = line, .to = line };
	size_t size = 0;

	*words = (struct cli_words){ 0 };
	if (!add(words, &size, NULL))
		return err_memory(err);
	for (;;) {
		char *word = cursor.to;
		bool end;

		skip_blanks(&cursor);
		if (!*cursor.from || *cursor.from == '#')
			return 0;
		if (!split_word(&cursor))
			return err_usage(err, "a quote is not closed");
		/* The NUL that ends the word may overwrite the blank after it. */
		end = !*cursor.from;
		cursor.from += !end;
		*cursor.to++ = '\0';
		if (!add(words, &size, word))
			return err_memory(err);
		if (end)
			return 0;
	}
}
