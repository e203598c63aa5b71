/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses arguments that name virtio device types and features. */
#include "virtio/args.h"

#include "virtio/features.h"

static int parse_device_type(const struct cli_arg *arg _unused_, const char *word, void *field,
			     struct err *err _unused_)
{
	struct opt_device_type *type = field;

	type->set = true;
	return virtio_type_parse(word, &type->id);
}

static void type_words(FILE *out)
{
	const char *name;
	uint32_t id;

	for (size_t i = 0; (name = virtio_type_at(i)); i++)
		if (!virtio_type_parse(name, &id))
			cli_offer(out, name, "virtio device type %u", id);
}

const struct cli_type virtio_type_arg = {
	.expected = "a virtio device type such as net or block, or a number from 1 to 4294967294",
	.parse = parse_device_type,
	.words = type_words,
};

/* The device type may not be known yet, but a word that no type knows is wrong in any case. */
static int parse_features(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct opt_features *features = field;
	struct bare_hex bare_hex = { 0 };
	uint64_t mask;
	int ret;

	features->set = true;
	features->words = word;
	ret = virtio_features_parse(word, VIRTIO_TYPE_ANY, &bare_hex, &mask, err);
	if (ret)
		err_context(err, "%s", arg->name);
	return ret;
}

const struct cli_type virtio_features_arg = {
	.expected = "features, by name or as a mask",
	.parse = parse_features,
	.list = true,
};
