/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli.h"

#define USAGE_COLUMNS 98

/* Writes words and breaks the line before one that would not fit any more. */
struct wrap {
	FILE *out;
	size_t column, indent;
};

static void wrap_word(struct wrap *wrap, const char *word)
{
	size_t length = strlen(word);

	if (wrap->column + 1 + length > USAGE_COLUMNS) {
		fprintf(wrap->out, "\n%*s", (int)wrap->indent, "");
		wrap->column = wrap->indent;
	}
	wrap->column += fprintf(wrap->out, " %s", word);
}

static bool has_flag(const struct cli_arg *arg, unsigned int flag)
{
	return arg->type && arg->flags & flag;
}

/* What stands around an argument in usage. */
static void brackets(const struct cli_cmd *leaf, const struct cli_arg *arg, const char **before,
		     const char **behind)
{
	const unsigned int choice = arg->flags & (CLI_CHOICE | CLI_EITHER);

	*before = *behind = "";
	if (choice) {
		*before = arg > leaf->args && has_flag(arg - 1, choice) ? "| "
			  : choice & CLI_CHOICE				? "{ "
									: "[ ";
		*behind = has_flag(arg + 1, choice) ? "" : choice & CLI_CHOICE ? " }" : " ]";
	} else if (!(arg->flags & CLI_REQUIRED)) {
		*before = "[ ";
		*behind = " ]";
	}
}

static void usage_arg(struct wrap *wrap, const struct cli_cmd *leaf, const struct cli_arg *arg)
{
	bool keyword = !(arg->flags & CLI_POSITIONAL);
	const char *before, *behind;
	char text[128];

	brackets(leaf, arg, &before, &behind);
	snprintf(text, sizeof(text), "%s%s%s%s%s%s", before, keyword ? arg->name : "",
		 keyword && arg->meta ? " " : "", arg->meta ? arg->meta : "",
		 arg->flags & CLI_MANY ? "..." : "", behind);
	wrap_word(wrap, text);
}

static void usage_leaf(const struct cli_call *call, const char *prefix, FILE *out)
{
	const struct cli_cmd *leaf = call->path[call->depth - 1];
	struct wrap wrap = { .out = out };

	wrap.column = fprintf(out, "%s", prefix);
	for (unsigned int i = 0; i < call->depth; i++)
		wrap.column += fprintf(out, "%s%s", i ? " " : "", call->path[i]->name);
	wrap.indent = wrap.column;
	for (const struct cli_arg *arg = leaf->args; arg && arg->type; arg++)
		usage_arg(&wrap, leaf, arg);
	fputc('\n', out);
}

/* Returns the prefix of the next line. */
static const char *usage_below(const struct cli_call *call, const char *prefix, FILE *out)
{
	const struct cli_cmd *last = call->path[call->depth - 1];
	struct cli_call below = *call;

	if (!last->sub) {
		usage_leaf(call, prefix, out);
		return "       ";
	}
	below.depth++;
	for (const struct cli_cmd *cmd = last->sub; cmd->name; cmd++) {
		below.path[below.depth - 1] = cmd;
		prefix = usage_below(&below, prefix, out);
	}
	return prefix;
}

void cli_usage(const struct cli_call *call, FILE *out)
{
	usage_below(call, "Usage: ", out);
}

static void help_args(const struct cli_cmd *leaf, FILE *out)
{
	if (!leaf->args)
		return;
	fputs("\nArguments:\n", out);
	for (const struct cli_arg *arg = leaf->args; arg->type; arg++) {
		char left[64];

		if (arg->flags & CLI_POSITIONAL)
			snprintf(left, sizeof(left), "%s", arg->meta);
		else
			snprintf(left, sizeof(left), "%s %s", arg->name,
				 arg->meta ? arg->meta : "");
		fprintf(out, "  %-26s %s\n", left, arg->help);
	}
}

static void help_aliases(const struct cli_cmd *leaf, FILE *out)
{
	if (!leaf->aliases)
		return;
	fputs("\nAlso:", out);
	for (const char *const *alias = leaf->aliases; *alias; alias++)
		fprintf(out, " %s", *alias);
	fputc('\n', out);
}

static void help_examples(const struct cli_cmd *leaf, FILE *out)
{
	if (!leaf->examples)
		return;
	fputs("\nExamples:\n", out);
	for (const char *const *example = leaf->examples; *example; example++)
		fprintf(out, "  %s\n", *example);
}

static void help_commands(const struct cli_cmd *parent, FILE *out)
{
	fputs("\nCommands:\n", out);
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++)
		fprintf(out, "  %-26s %s\n", cmd->name, cmd->help);
	fprintf(out, "  %-26s %s\n", "help", "this text, and that of a command named behind it");
}

void cli_help(const struct cli_call *call, FILE *out)
{
	const struct cli_cmd *last = call->path[call->depth - 1];

	cli_usage(call, out);
	fprintf(out, "\n%s\n", last->help);
	if (last->sub) {
		help_commands(last, out);
		return;
	}
	help_args(last, out);
	help_aliases(last, out);
	help_examples(last, out);
}
