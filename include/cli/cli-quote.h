/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_QUOTE_H
#define CLI_QUOTE_H

#include <stdio.h>

/*
 * Prints a word so that cli_split() and a shell read it back unchanged. It must not hold newlines.
 */
void cli_quote(const char *word, FILE *out);

#endif
