/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of arguments that only vfio has, and their completion. */
#include "abi/vfio.h"
#include "base/list.h"
#include "base/uuid.h"
#include "commands.h"
#include "dev-token.h"
#include "kernel.h"
#include "payload.h"

#include <errno.h>

static int parse_feature(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct feature_index *feature = field;
	int ret = feature_parse(word, &feature->index, &feature->kind);

	if (ret == -ENOENT)
		return err_usage(err,
				 "%s must be a feature's name or a number from 0 to %u, not "
				 "'%.200s'",
				 arg->name, UINT16_MAX, word);
	return ret ? err_usage(err, "%s must be a number from 0 to %u, not '%.200s'", arg->name,
			       UINT16_MAX, word)
		   : 0;
}

static void feature_words(FILE *out)
{
	const char *name;

	for (size_t i = 0; (name = feature_name_at(i)); i++)
		cli_offer(out, name, "%s", feature_meaning_at(i));
}

const struct cli_type feature_type = {
	.expected = "a feature's name or number",
	.parse = parse_feature,
	.words = feature_words,
};

static int parse_region(const struct cli_arg *arg _unused_, const char *word, void *field,
			struct err *err _unused_)
{
	struct region_index *region = field;

	region->set = true;
	return region_parse(word, &region->index);
}

static void region_words(FILE *out)
{
	for (uint32_t i = 0; i < VFIO_PCI_ROM; i++) {
		struct region region = { .index = i };

		region_describe(&region, true);
		cli_offer(out, region.name, "base address register %u", i);
	}
}

const struct cli_type region_type = {
	.expected = "a region's name such as bar0, or a number from 0 to 4294967295",
	.parse = parse_region,
	.words = region_words,
};

/* The command keeps the words as they are and parses them later: here they are only checked. */
static int check_alias_word(const struct cli_arg *arg _unused_, const char *word,
			    void *field _unused_, struct err *err _unused_)
{
	uint32_t index;

	return str_equal(word, WC_WORD) ? 0 : region_parse(word, &index);
}

static void alias_words(FILE *out)
{
	region_words(out);
	cli_offer(out, WC_WORD, "combine writes to the alias of the region before it");
}

const struct cli_type alias_type = {
	.expected = "a region's name such as bar0, wc after one, or a number from 0 to 4294967295",
	.parse = check_alias_word,
	.words = alias_words,
};

/* The word may be a mistyped secret, so that the message must not repeat it. */
static int parse_token(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct token_word *token = field;
	struct uuid uuid;

	token->word = word;
	if (token_file(word))
		return 0;
	if (uuid_parse(word, &uuid))
		return err_usage(err,
				 "%s must be a UUID of 36 characters or file:PATH; the given word "
				 "of %zu bytes is neither",
				 arg->name, strlen(word));
	return 0;
}

static void token_words(FILE *out)
{
	cli_offer(out, CLI_FILE_WORD, "a file that holds the token");
}

const struct cli_type token_type = {
	.expected = "a UUID or file:PATH",
	.parse = parse_token,
	.words = token_words,
};

/*
 * Offers the features that are of use to this tool. Which of them the device has only an open would
 * show, and completion must not open it: that resets it.
 */
static void offer_useful(bool set, FILE *out)
{
	enum index_11 kind;
	const char *name;
	uint16_t index;

	for (size_t i = 0; (name = feature_name_at(i)); i++)
		if (!feature_parse(name, &index, &kind) && !feature_why_not(index, kind, set) &&
		    payload_supports(index, set))
			cli_offer(out, name, "%s", feature_meaning_at(i));
}

void complete_gettable(void *app _unused_, FILE *out)
{
	offer_useful(false, out);
}

void complete_settable(void *app _unused_, FILE *out)
{
	offer_useful(true, out);
}

/* The words before the value end with the feature. */
void complete_values(void *data, FILE *out)
{
	const struct cli_words *line = &((const struct app *)data)->running;
	enum index_11 kind;
	const char *word;
	uint16_t index;

	if (!line->count || feature_parse(line->words[line->count - 1], &index, &kind))
		return;
	for (size_t i = 0; (word = payload_word_at(index, i)); i++)
		cli_offer(out, word, "%s", "");
	if (payload_is_secret(index)) {
		token_words(out);
		cli_offer(out, "random", "a new token; show prints it");
	}
}

void complete_devs(void *app _unused_, FILE *out)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	struct err err;

	if (kernel_devs(&devs, &err))
		return;
	for (size_t i = 0; i < devs.count; i++) {
		const struct dev *dev = devs.items[i];

		cli_offer(out, dev->name, "%s", dev->driver);
		cli_offer(out, dev->vfio, "%s", dev->name);
		/* lspci leaves the domain out, and so may the user. */
		if (str_starts(dev->name, "0000:"))
			cli_offer(out, dev->name + strlen("0000:"), "%s", dev->driver);
	}
}
