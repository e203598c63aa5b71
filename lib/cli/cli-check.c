/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the command table for contradictions; the tests run it. */
#include "cli/cli.h"

#include <ctype.h>

struct check {
	FILE *out;
	unsigned int errors, visited;
};

static void complain(struct check *check, const struct cli_cmd *cmd, const char *name,
		     const char *what)
{
	fprintf(check->out, "%s: %s: %s\n", cmd->name, name, what);
	check->errors++;
}

static void require(struct check *check, bool holds, const struct cli_cmd *cmd, const char *name,
		    const char *what)
{
	if (!holds)
		complain(check, cmd, name, what);
}

static bool is_upper(const char *meta)
{
	for (; *meta; meta++)
		if (islower((unsigned char)*meta))
			return false;
	return true;
}

static void check_flag(struct check *check, const struct cli_cmd *cmd, const struct cli_arg *arg)
{
	require(check, !arg->meta && !arg->words && !arg->min && !arg->max, cmd, arg->name,
		"describes a value but takes none");
	require(check, !(arg->flags & ~CLI_EITHER), cmd, arg->name,
		"is a flag that must always be given");
}

static bool has_flags_only(const struct cli_arg *arg)
{
	while (arg->type && cli_is_flag(arg))
		arg++;
	return !arg->type;
}

static void check_arg(struct check *check, const struct cli_cmd *cmd, const struct cli_arg *arg)
{
	const struct cli_arg *before = arg == cmd->args ? NULL : arg - 1;
	bool positional = arg->flags & CLI_POSITIONAL;

	check->visited++;
	require(check, arg->help && *arg->help, cmd, arg->name, "has no help");
	if (cli_is_flag(arg))
		check_flag(check, cmd, arg);
	else
		require(check,
			arg->meta && *arg->meta &&
				(arg->type->extra || arg->flags & CLI_UNTIL || is_upper(arg->meta)),
			cmd, arg->name, "has no placeholder in upper case");
	require(check, arg->offset < cmd->size, cmd, arg->name, "is outside its struct");
	require(check, !arg->max || arg->min <= arg->max, cmd, arg->name, "has an empty range");
	require(check, !before || !positional || (before->flags & CLI_POSITIONAL), cmd, arg->name,
		"is positional but comes after keywords");
	require(check, !before || !positional || !(before->flags & (CLI_NAMED | CLI_MANY)), cmd,
		arg->name, "comes after an argument that takes its words");
	require(check, positional || !(arg->flags & (CLI_NAMED | CLI_MANY)), cmd, arg->name,
		"has flags for positional arguments only");
	require(check, !before || (before->flags & CLI_REQUIRED) || !(arg->flags & CLI_REQUIRED),
		cmd, arg->name, "is required but comes after an optional one");
	require(check,
		(arg->flags & CLI_UNTIL) || !(arg->flags & CLI_MANY) || has_flags_only(arg + 1),
		cmd, arg->name, "takes all words but keywords with values follow");
	require(check, !(arg->flags & CLI_UNTIL) || (arg->flags & CLI_MANY), cmd, arg->name,
		"has CLI_UNTIL without CLI_MANY");
	require(check, !(arg->flags & CLI_CHOICE) || !(arg->flags & CLI_REQUIRED), cmd, arg->name,
		"is both required and a choice");
	require(check, cli_find_arg(cmd, arg->name) == arg, cmd, arg->name, "occurs twice");
	for (const struct cli_arg *other = cmd->args; other < arg; other++)
		require(check, other->offset != arg->offset, cmd, arg->name,
			"has the member of another argument");
}

static bool has_word(const struct cli_cmd *cmd, const char *word)
{
	if (str_equal(cmd->name, word))
		return true;
	for (const char *const *alias = cmd->aliases; alias && *alias; alias++)
		if (str_equal(*alias, word))
			return true;
	return false;
}

static void check_words(struct check *check, const struct cli_cmd *parent,
			const struct cli_cmd *cmd)
{
	for (const struct cli_cmd *other = parent->sub; other < cmd; other++) {
		require(check, !has_word(other, cmd->name), parent, cmd->name, "occurs twice");
		for (const char *const *alias = cmd->aliases; alias && *alias; alias++)
			require(check, !has_word(other, *alias), parent, *alias, "occurs twice");
		require(check, !((cmd->flags & other->flags) & CLI_DEFAULT), parent, cmd->name,
			"is a second default");
	}
	require(check, !str_equal(cmd->name, "help"), parent, cmd->name, "is reserved for help");
}

static void check_cmd(struct check *check, const struct cli_cmd *cmd, unsigned int depth)
{
	check->visited++;
	require(check, cmd->help && *cmd->help, cmd, cmd->name, "has no help");
	require(check, depth <= CLI_DEPTH, cmd, cmd->name, "is too deep in the table");
	require(check, !cmd->sub == !!cmd->run, cmd, cmd->name,
		"must have either commands or a function to run");
	require(check, !cmd->args || cmd->size, cmd, cmd->name, "has arguments but no struct");
	for (const struct cli_arg *arg = cmd->args; arg && arg->type; arg++)
		check_arg(check, cmd, arg);
	for (const struct cli_cmd *sub = cmd->sub; sub && sub->name; sub++) {
		check_words(check, cmd, sub);
		check_cmd(check, sub, depth + 1);
	}
}

unsigned int cli_check(const struct cli_cmd *root, FILE *out, unsigned int *visited)
{
	struct check check = { .out = out };

	check_cmd(&check, root, 1);
	*visited += check.visited;
	return check.errors;
}
