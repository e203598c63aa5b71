/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quotes words for a shell and for batch files. */
#include "cli/cli-quote.h"

#include <string.h>

/* Characters without a meaning to a shell in any place of a word. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%"

void cli_quote(const char *word, FILE *out)
{
	if (*word && !word[strspn(word, PLAIN)]) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	fputc('\'', out);
}
