/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"
#include "escape.h"
#include "kernel.h"

#include <errno.h>

static int parse_feature(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct feature_index *feature = field;
	struct uuid uuid;
	int ret = feature_parse(word, &feature->index, &feature->kind);

	/* A token without its feature, or the device, before it. */
	if (ret == -ENOENT && !uuid_parse(word, &uuid))
		return err_usage(err,
				 "%s wants a feature's name or a number from 0 to %u, not a "
				 "UUID",
				 arg->name, UINT16_MAX);
	if (ret == -ENOENT)
		return err_usage(err,
				 "%s wants a feature's name or a number from 0 to %u, not "
				 "'%.200s'",
				 arg->name, UINT16_MAX, word);
	return ret ? err_usage(err, "%s wants a number from 0 to %u, not '%.200s'", arg->name,
			       UINT16_MAX, word)
		   : 0;
}

static void feature_words(FILE *out)
{
	const char *name;

	for (size_t i = 0; (name = feature_name_at(i)); i++)
		fprintf(out, "%s\n", name);
}

const struct cli_type feature_type = {
	.wants = "a feature's name or number",
	.parse = parse_feature,
	.words = feature_words,
};

static int parse_region(const struct cli_arg *arg _unused_, const char *word, void *field,
			struct err *err _unused_)
{
	struct region_index *region = field;

	return region_parse(word, &region->index);
}

static void region_words(FILE *out)
{
	for (int i = 0; i < 6; i++)
		fprintf(out, "bar%d\n", i);
}

const struct cli_type region_type = {
	.wants = "a region's name such as bar0, or a number from 0 to 4294967295",
	.parse = parse_region,
	.words = region_words,
};

/* What is wrong with a word that is to be secret is said without repeating it. */
static int parse_token(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct token_word *token = field;
	struct uuid uuid;

	token->word = word;
	if (str_starts(word, "file:") && word[strlen("file:")])
		return 0;
	if (uuid_parse(word, &uuid))
		return err_usage(err,
				 "%s wants a UUID of 36 characters or file:PATH, and the word "
				 "that was given, of %zu bytes, is neither",
				 arg->name, strlen(word));
	return 0;
}

const struct cli_type token_type = { .wants = "a UUID or file:PATH", .parse = parse_token };

void complete_devs(void *app _unused_, FILE *out)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	struct err err;

	if (kernel_devs(&devs, &err))
		return;
	for (size_t i = 0; i < devs.count; i++) {
		const struct dev *dev = devs.items[i];

		/* What a terminal must not get, a shell cannot complete. */
		if (!escape_needed(dev->name, ESCAPE_FOR_TERMINAL))
			fprintf(out, "%s\n%s\n", dev->name, dev->vfio);
	}
}
