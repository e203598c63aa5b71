/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of arguments that only mshv has, and their completion. */
#include "commands.h"

static int parse_extension(const struct cli_arg *arg _unused_, const char *word, void *field,
			   struct err *err _unused_)
{
	struct opt_extension *extension = field;

	return extension_parse(word, &extension->id);
}

static void extension_words(FILE *out)
{
	const char *name;
	uint32_t id;

	for (size_t i = 0; (name = extension_at(i)); i++)
		if (!extension_parse(name, &id))
			cli_offer(out, name, "extension %u", id);
}

const struct cli_type extension_type = {
	.expected = "an extension's name, or a number from 0 to 4294967295",
	.parse = parse_extension,
	.words = extension_words,
};
