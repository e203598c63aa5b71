/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_INTERNAL_H
#define CLI_INTERNAL_H

#include "cli/cli.h"

/* Functions that the files of lib/cli share. */

/* Returns the length of the first sentence of a help text, without its full stop. */
int cli_summary_length(const char *help);

/* Returns the argument whose value may follow this keyword, or NULL. */
const struct cli_arg *cli_find_keyword(const struct cli_cmd *cmd, const char *word);

/*
 * Reports that @word is not a command of the last row of the path, with a suggestion. Returns
 * -EINVAL with @err filled.
 */
int cli_unknown_command(const struct cli_call *call, const char *word, struct err *err);

/*
 * Reports that @word is not a keyword of @cmd, with a suggestion.
 * @seen: bits of the arguments that were given already and are not suggested.
 * Returns -EINVAL with @err filled.
 */
int cli_unknown_keyword(const struct cli_cmd *cmd, const char *word, uint32_t seen,
			struct err *err);

/* Appends the word that was probably meant to the message about a wrong value. */
void cli_suggest_value(const struct cli_arg *arg, const char *word, struct err *err);

#endif
