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

static bool given(const char *name, char **words, size_t count)
{
	for (size_t i = 0; i < count; i += 2)
		if (str_equal(words[i], name))
			return true;
	return false;
}

static void keywords(const struct cli_cmd *leaf, char **words, size_t count, FILE *lines)
{
	for (const struct cli_arg *arg = leaf->args; arg->type; arg++)
		if (!(arg->flags & CLI_POSITIONAL) && !given(arg->name, words, count))
			fprintf(lines, "%s\n", arg->name);
}

/* Of a leaf: @words are those behind it, without the one that is being typed. */
static void argument_words(const struct cli_cmd *leaf, char **words, size_t count, void *app,
			   FILE *lines)
{
	const struct cli_arg *first = leaf->args, *value;

	if (!first)
		return;
	if ((first->flags & CLI_MANY) || ((first->flags & CLI_POSITIONAL) && !count)) {
		value_words(first, app, lines);
		if (first->flags & (CLI_MANY | CLI_REQUIRED))
			return;
	}
	if ((first->flags & CLI_POSITIONAL) && count && !cli_find_arg(leaf, words[0])) {
		words++;
		count--;
	}
	if (count % 2 == 0) {
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
