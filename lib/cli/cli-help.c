/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints usage and help from the command table. */
#include "cli-internal.h"

#include <sys/param.h>

/* Width of usage lines, unless the terminal is narrower. */
#define USAGE_COLUMNS 98

/* A line of words that is broken before the first word that does not fit. */
struct wrap {
	FILE *out;
	size_t column, indent, columns;
};

static void wrap_room(struct wrap *wrap, size_t length)
{
	if (wrap->column + 1 + length <= wrap->columns)
		return;
	fprintf(wrap->out, "\n%*s", (int)wrap->indent, "");
	wrap->column = wrap->indent;
}

static void wrap_word(struct wrap *wrap, const char *word)
{
	wrap_room(wrap, strlen(word));
	wrap->column += fprintf(wrap->out, " %s", word);
}

void cli_print_folded(FILE *out, const char *text, size_t indent, unsigned int columns)
{
	size_t room = columns > 2 * indent ? columns - indent : SIZE_MAX;

	while (strlen(text) > room) {
		size_t length = room;

		while (length && text[length] != ' ')
			length--;
		/* A word that is too long gets a line of its own. */
		if (!length)
			length = strcspn(text, " ");
		if (!text[length])
			break;
		fprintf(out, "%.*s\n%*s", (int)length, text, (int)indent, "");
		text += length + 1;
	}
	fprintf(out, "%s\n", text);
}

static bool has_flag(const struct cli_arg *arg, unsigned int flag)
{
	return arg->type && arg->flags & flag;
}

/* Finds the brackets or bars around an argument in usage. */
static void brackets(const struct cli_cmd *leaf, const struct cli_arg *arg, const char **before,
		     const char **after)
{
	const unsigned int choice = arg->flags & (CLI_CHOICE | CLI_EITHER);

	*before = *after = "";
	if (choice) {
		*before = arg > leaf->args && has_flag(arg - 1, choice) ? "| "
			  : choice & CLI_CHOICE				? "{ "
									: "[ ";
		*after = has_flag(arg + 1, choice) ? "" : choice & CLI_CHOICE ? " }" : " ]";
	} else if (!(arg->flags & CLI_REQUIRED)) {
		*before = "[ ";
		*after = " ]";
	}
}

#define USAGE_TEXT_SIZE 128

static void usage_arg(const struct cli_cmd *leaf, const struct cli_arg *arg,
		      char text[static USAGE_TEXT_SIZE])
{
	bool keyword = !(arg->flags & CLI_POSITIONAL);
	const char *before, *after;

	brackets(leaf, arg, &before, &after);
	snprintf(text, USAGE_TEXT_SIZE, "%s%s%s%s%s%s", before, keyword ? arg->name : "",
		 keyword && arg->meta ? " " : "", arg->meta ? arg->meta : "",
		 arg->flags & CLI_MANY ? "..." : "", after);
}

/* Returns the length of all arguments in the pair of brackets that begins with @arg. */
static size_t group_length(const struct cli_cmd *leaf, const struct cli_arg *arg)
{
	const unsigned int choice = arg->flags & (CLI_CHOICE | CLI_EITHER);
	char text[USAGE_TEXT_SIZE];
	size_t length = 0;

	do {
		usage_arg(leaf, arg, text);
		length += (length > 0) + strlen(text);
	} while (has_flag(++arg, choice));
	return length;
}

static void usage_leaf(const struct cli_call *call, const char *prefix, unsigned int columns,
		       FILE *out)
{
	const struct cli_cmd *leaf = call->path[call->depth - 1];
	struct wrap wrap = {
		.out = out,
		.columns = columns && columns < USAGE_COLUMNS ? columns : USAGE_COLUMNS,
	};

	wrap.column = fprintf(out, "%s", prefix);
	for (unsigned int i = 0; i < call->depth; i++)
		wrap.column += fprintf(out, "%s%s", i ? " " : "", call->path[i]->name);
	wrap.indent = wrap.column;
	for (const struct cli_arg *arg = leaf->args; arg && arg->type; arg++) {
		char text[USAGE_TEXT_SIZE];
		size_t length = group_length(leaf, arg);

		/* Do not break a line inside brackets if a line has room for all of them. */
		if (wrap.indent + 1 + length <= wrap.columns)
			wrap_room(&wrap, length);
		usage_arg(leaf, arg, text);
		wrap_word(&wrap, text);
	}
	fputc('\n', out);
}

/* Returns the prefix of the next line. */
static const char *usage_below(const struct cli_call *call, const char *prefix,
			       unsigned int columns, FILE *out)
{
	const struct cli_cmd *last = call->path[call->depth - 1];
	struct cli_call below = *call;

	if (!last->sub) {
		usage_leaf(call, prefix, columns, out);
		return "       ";
	}
	below.depth++;
	for (const struct cli_cmd *cmd = last->sub; cmd->name; cmd++) {
		below.path[below.depth - 1] = cmd;
		prefix = usage_below(&below, prefix, columns, out);
	}
	return prefix;
}

/* Lists the commands of an object on a line or two. */
static void usage_object(const struct cli_call *call, unsigned int columns, FILE *out)
{
	struct wrap wrap = {
		.out = out,
		.columns = columns && columns < USAGE_COLUMNS ? columns : USAGE_COLUMNS,
	};

	wrap.column = fprintf(out, "Usage:");
	for (unsigned int i = 0; i < call->depth; i++)
		wrap.column += fprintf(out, " %s", call->path[i]->name);
	wrap.indent = wrap.column;
	wrap.column += fprintf(out, "%s", call->depth == 1 ? " [ OPTIONS ] {" : " {");
	for (const struct cli_cmd *cmd = call->path[call->depth - 1]->sub; cmd->name; cmd++) {
		wrap_word(&wrap, cmd->name);
		wrap_word(&wrap, "|");
	}
	fputs(" help }\n", out);
}

void cli_usage(const struct cli_call *call, unsigned int columns, FILE *out)
{
	if (call->path[call->depth - 1]->sub)
		usage_object(call, columns, out);
	else
		usage_leaf(call, "Usage: ", columns, out);
}

void cli_print_row(FILE *out, int width, const char *left, const char *right, unsigned int columns)
{
	int indent = fprintf(out, "  %-*s ", width, left);

	cli_print_folded(out, right, indent > 0 ? (size_t)indent : 0, columns);
}

/* Prints a name and its description. */
static void help_row(const char *left, const char *help, unsigned int columns, FILE *out)
{
	cli_print_row(out, 26, left, help, columns);
}

static void help_args(const struct cli_cmd *leaf, unsigned int columns, FILE *out)
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
		help_row(left, arg->help, columns, out);
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

/* Breaks a long example between words, where a shell joins the lines again. */
static void help_example(const char *example, unsigned int columns, FILE *out)
{
	size_t indent = 2;

	fprintf(out, "%*s", (int)indent, "");
	while (columns > 2 * indent && indent + strlen(example) > columns) {
		size_t length = columns - indent - strlen(" \\");

		while (length && example[length] != ' ')
			length--;
		if (!length)
			break;
		indent = 6;
		fprintf(out, "%.*s \\\n%*s", (int)length, example, (int)indent, "");
		example += length + 1;
	}
	fprintf(out, "%s\n", example);
}

static void help_examples(const struct cli_cmd *leaf, unsigned int columns, FILE *out)
{
	if (!leaf->examples)
		return;
	fputs("\nExamples:\n", out);
	for (const char *const *example = leaf->examples; *example; example++)
		help_example(*example, columns, out);
}

static void help_commands(const struct cli_cmd *parent, unsigned int columns, FILE *out)
{
	fputs("\nCommands:\n", out);
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++)
		help_row(cmd->name, cmd->help, columns, out);
	help_row("help", "Prints this help, or that of a command named after it", columns, out);
}

void cli_help(const struct cli_call *call, unsigned int columns, FILE *out)
{
	const struct cli_cmd *last = call->path[call->depth - 1];

	usage_below(call, "Usage: ", columns, out);
	fputc('\n', out);
	cli_print_folded(out, last->help, 0, columns);
	if (last->sub) {
		help_commands(last, columns, out);
		return;
	}
	help_args(last, columns, out);
	help_aliases(last, out);
	help_examples(last, columns, out);
}

/* Returns the length of the first clause of a help text. */
static int clause_length(const char *help)
{
	const int length = cli_summary_length(help);

	for (int i = 0; i < length; i++)
		if ((help[i] == ':' || help[i] == ';') && help[i + 1] == ' ')
			return i;
	return length;
}

static void help_clause(const char *name, int width, const char *help, unsigned int columns,
			FILE *out)
{
	char clause[256];

	snprintf(clause, sizeof(clause), "%.*s", clause_length(help), help);
	cli_print_row(out, width, name, clause, columns);
}

void cli_help_short(const struct cli_call *call, unsigned int columns, FILE *out)
{
	const struct cli_cmd *root = call->path[0];
	int width = strlen("help");

	for (const struct cli_cmd *cmd = root->sub; cmd->name; cmd++)
		width = MAX(width, (int)strlen(cmd->name) + 1);
	usage_object(call, columns, out);
	fprintf(out, "\n%.*s.\n\nCommands:\n", clause_length(root->help), root->help);
	for (const struct cli_cmd *cmd = root->sub; cmd->name; cmd++)
		help_clause(cmd->name, width, cmd->help, columns, out);
	cli_print_row(out, width, "help",
		      "Prints this, or the help of a command; with -d, everything", columns);
}
