/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers the hidden option with which shells ask for completion. */
#include "sys/guard.h"
#include "tool-internal.h"

#include <unistd.h>

/* @words: the words of the line. The last one is to be completed, the first one is ignored. */
static void answer(struct app *app, char **words, int count, FILE *out)
{
	char *typed = count > 1 ? words[count - 1] : (char *)"";
	struct options options = { 0 };
	struct err err = { 0 };
	size_t kept;

	if (options_parse(count > 1 ? count - 1 : 1, words, &options, &kept, &err)) {
		if (options.unfinished)
			options_complete_value(options.unfinished, out);
		return;
	}
	if (*typed == '-' && !options.ended) {
		options_complete(typed, out);
		return;
	}
	/* The commands come from the batch file, so none follows. */
	if (options.batch)
		return;
	words[kept] = typed;
	app->running = (struct cli_words){ words, kept };
	cli_complete(app->root, words, kept + 1, app, out);
}

static void print_words(char *text)
{
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		int length = (int)strcspn(line, "\t\n");

		if (length)
			printf("%.*s\n", length, line);
	}
}

void tool_complete(struct app *app, char **words, int count)
{
	_cleanup_free_ char *text = NULL;
	bool failed;
	size_t size;
	FILE *out;

	if (str_equal(words[0], COMPLETE_DESCRIBED)) {
		answer(app, words, count, stdout);
		return;
	}
	out = open_memstream(&text, &size);
	if (!out)
		return;
	answer(app, words, count, out);
	failed = ferror(out);
	failed |= fclose(out) || !text;
	if (!failed)
		print_words(text);
}
