/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes words so that they are read back as what they are. */
#include "cli/cli-quote.h"

#include <string.h>

/* What has no meaning to a shell, in any place of a word. */
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
