/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli.h"

/* Prints the lines of a producer that start with what was typed. */
struct filter {
	char *text;
	size_t size;
	FILE *lines;
};

static bool filter_open(struct filter *filter)
{
	filter->lines = open_memstream(&filter->text, &filter->size);
	return filter->lines;
}

static void filter_close(struct filter *filter, const char *typed, FILE *out)
{
	fclose(filter->lines);
	for (char *line = filter->text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (str_starts(line, typed))
			fprintf(out, "%s\n", line);
	}
	free(filter->text);
}

static void value_words(const struct cli_arg *arg, void *app, FILE *lines)
{
	if (arg->type->words)
		arg->type->words(lines);
	if (arg->words)
		arg->words(app, lines);
}

static void command_words(const struct cli_cmd *parent, FILE *lines)
{
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++)
		fprintf(lines, "%s\n", cmd->name);
	fputs("help\n", lines);
}

/* Where the next keyword stands: at @from, or behind it and its value. */
static size_t next_keyword(const struct cli_cmd *leaf, char **words, size_t from)
{
	const struct cli_arg *arg = cli_find_arg(leaf, words[from]);

	return from + (arg ? cli_arg_words(arg) : 2);
}

static bool given(const struct cli_cmd *leaf, const char *name, char **words, size_t count)
{
	for (size_t i = 0; i < count; i = next_keyword(leaf, words, i))
		if (str_equal(words[i], name))
			return true;
	return false;
}

static bool chosen(const struct cli_cmd *leaf, char **words, size_t count)
{
	for (const struct cli_arg *arg = leaf->args; arg->type; arg++)
		if ((arg->flags & CLI_CHOICE) && given(leaf, arg->name, words, count))
			return true;
	return false;
}

static void keywords(const struct cli_cmd *leaf, char **words, size_t count, FILE *lines)
{
	bool choice = chosen(leaf, words, count);

	for (const struct cli_arg *arg = leaf->args; arg->type; arg++)
		if (!(arg->flags & CLI_POSITIONAL) && !given(leaf, arg->name, words, count) &&
		    !(choice && arg->flags & CLI_CHOICE))
			fprintf(lines, "%s\n", arg->name);
}

/* Whether the argument is one word without a keyword. */
static bool is_single(const struct cli_arg *arg)
{
	return arg->type && (arg->flags & CLI_POSITIONAL) && !(arg->flags & CLI_MANY);
}

/* Of a leaf: @words are those behind it, without the one that is being typed. */
static void argument_words(const struct cli_cmd *leaf, char **words, size_t count, void *app,
			   FILE *lines)
{
	const struct cli_arg *arg = leaf->args, *value;
	size_t used = 0;

	if (!arg)
		return;
	for (; is_single(arg) && count && !cli_find_arg(leaf, words[0]); arg++, words++)
		count--;
	if ((arg->flags & CLI_MANY) || (is_single(arg) && !count)) {
		size_t taken = cli_many_words(leaf, words, count);

		/* Behind a flag there are no more values. */
		if (taken == count)
			value_words(arg, app, lines);
		if ((arg->flags & CLI_MANY) && count)
			keywords(leaf, words + taken, count - taken, lines);
		if (arg->flags & (CLI_MANY | CLI_REQUIRED))
			return;
	}
	while (used < count)
		used = next_keyword(leaf, words, used);
	if (used == count) {
		keywords(leaf, words, count, lines);
		return;
	}
	value = cli_find_arg(leaf, words[count - 1]);
	if (value)
		value_words(value, app, lines);
}

void cli_complete(const struct cli_cmd *root, char **words, size_t count, void *app, FILE *out)
{
	const struct cli_cmd *cmd = root, *found[1];
	const char *typed = count ? words[--count] : "";
	struct filter filter;

	while (cmd->sub && count) {
		if (cli_find_commands(cmd, *words, found, ARRAY_SIZE(found)) != 1)
			return;
		cmd = found[0];
		words++;
		count--;
	}
	if (!filter_open(&filter))
		return;
	if (cmd->sub)
		command_words(cmd, filter.lines);
	else
		argument_words(cmd, words, count, app, filter.lines);
	filter_close(&filter, typed, out);
}
