/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_QUOTE_H
#define CLI_QUOTE_H

#include <stdbool.h>
#include <stdio.h>

/* Whether cli_split() can read a word back from a line: not one that holds a newline. */
bool cli_can_quote(const char *word);

/* Prints a word so that cli_split(), and a shell, read it as that word. */
void cli_quote(const char *word, FILE *out);

#endif
