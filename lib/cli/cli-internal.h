/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_INTERNAL_H
#define CLI_INTERNAL_H

#include "cli/cli.h"

/* What the files of the command line's walkers share. */

/* The argument row whose value stands behind this keyword, or NULL. */
const struct cli_arg *cli_find_keyword(const struct cli_cmd *cmd, const char *word);

/* A word that should be a command of the last row of the path. Returns -EINVAL with @err filled. */
int cli_unknown_command(const struct cli_call *call, const char *word, struct err *err);

/*
 * A word that should be a keyword of @cmd. @seen: bits of the arguments that have been given.
 * Returns -EINVAL with @err filled.
 */
int cli_unknown_keyword(const struct cli_cmd *cmd, const char *word, uint32_t seen,
			struct err *err);

/* Appends to the message on a wrong value which word of the argument's type was meant. */
void cli_suggest_value(const struct cli_arg *arg, const char *word, struct err *err);

#endif
