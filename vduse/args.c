/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"
#include "escape.h"
#include "kernel.h"

#include <errno.h>

static int parse_vduse_features(const struct cli_arg *arg, const char *word, void *field,
				struct err *err)
{
	struct opt_vduse_features *features = field;
	int ret = vduse_features_parse(word, &features->bits, err);

	if (ret)
		err_context(err, "%s", arg->name);
	return ret;
}

static void vduse_feature_words(FILE *out)
{
	const char *name;

	for (size_t i = 0; (name = vduse_feature_at(i)); i++)
		fprintf(out, "%s\n", name);
}

const struct cli_type vduse_features_type = {
	.wants = "VDUSE's own features, by name or as a mask",
	.parse = parse_vduse_features,
	.words = vduse_feature_words,
};

static int parse_config(const struct cli_arg *arg _unused_, const char *word, void *field,
			struct err *err _unused_)
{
	((struct opt_config *)field)->word = word;
	return *word ? 0 : -EINVAL;
}

const struct cli_type config_type = {
	.wants = "a file, or hex: and bytes",
	.parse = parse_config,
};

/* Called for each of the three words. */
static int parse_affinity(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct affinity *affinity = field;
	uint64_t queue;

	switch (affinity->words++) {
	case 0:
		return str_equal(word, "vq") ? 0 : -EINVAL;
	case 1:
		if (num_parse(word, 0, UINT16_MAX - 1, &queue))
			return err_usage(err, "%s wants a queue's number from 0 to %u, not '%s'",
					 arg->name, UINT16_MAX - 1, word);
		affinity->queue = queue;
		return 0;
	default:
		if (!cpus_parse(word, &affinity->cpus))
			return 0;
		return err_usage(err, "%s wants CPUs below %d as in 0-3,8, not '%s'", arg->name,
				 CPUS_MAX, word);
	}
}

const struct cli_type affinity_type = {
	.wants = "vq, the number of a queue, and CPUs as in 0-3,8",
	.more = 2,
	.parse = parse_affinity,
};

void complete_devs(void *app _unused_, FILE *out)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	struct err err;

	if (kernel_devs(false, &devs, &err))
		return;
	for (size_t i = 0; i < devs.count; i++) {
		const struct dev *dev = devs.items[i];

		/* What a terminal must not get, a shell cannot complete. */
		if (!escape_needed(dev->name, ESCAPE_FOR_TERMINAL))
			fprintf(out, "%s\n", dev->name);
	}
}
