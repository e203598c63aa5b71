/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of arguments that only vduse has, and their completion. */
#include "abi/vdpa.h"
#include "base/list.h"
#include "commands.h"
#include "vduse/kernel/kernel.h"

#include <errno.h>

static int parse_vduse_features(const struct cli_arg *arg, const char *word, void *field,
				struct err *err)
{
	struct vduse_features *features = field;
	int ret = vduse_features_parse(word, &features->bits, err);

	if (ret)
		err_context(err, "%s", arg->name);
	return ret;
}

static void vduse_feature_words(FILE *out)
{
	const char *name;

	for (size_t i = 0; (name = vduse_feature_at(i)); i++)
		cli_offer(out, name, "%s", "");
}

const struct cli_type vduse_features_type = {
	.list = true,
	.expected = "features of VDUSE itself, by name or as a mask",
	.parse = parse_vduse_features,
	.words = vduse_feature_words,
};

static int parse_config(const struct cli_arg *arg _unused_, const char *word, void *field,
			struct err *err _unused_)
{
	((struct config_space *)field)->word = word;
	return *word ? 0 : -EINVAL;
}

const struct cli_type config_type = {
	.expected = "a file, or hex: and bytes",
	.parse = parse_config,
};

static const char *const drivers[] = { VDPA_DRIVER_VHOST, VDPA_DRIVER_VIRTIO, "none" };

static int parse_driver(const struct cli_arg *arg _unused_, const char *word, void *field,
			struct err *err _unused_)
{
	struct opt_driver *driver = field;

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (str_equal(drivers[i], word))
			driver->name = drivers[i];
	return driver->name ? 0 : -EINVAL;
}

static void driver_words(FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		cli_offer(out, drivers[i], "%s", "");
}

const struct cli_type driver_type = {
	.expected = "vhost_vdpa, virtio_vdpa or none",
	.parse = parse_driver,
	.words = driver_words,
};

/* The parser is called for each of the three words "vq N CPUS". */
static int parse_affinity(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct affinity *affinity = field;
	uint64_t queue;

	switch (affinity->words++) {
	case 0:
		return str_equal(word, "vq") ? 0 : -EINVAL;
	case 1:
		if (num_parse(word, 0, UINT16_MAX - 1, &queue))
			return err_usage(err, "%s must have a queue from 0 to %u, not '%s'",
					 arg->name, UINT16_MAX - 1, word);
		affinity->queue = queue;
		return 0;
	default:
		if (!cpus_parse(word, &affinity->cpus))
			return 0;
		return err_usage(err,
				 "%s must have CPUs below %d as in 0-3,8, or a mask as in 0xff, "
				 "not '%s'",
				 arg->name, CPUS_MAX, word);
	}
}

static void affinity_words(FILE *out)
{
	cli_offer(out, "vq", "the number of a queue and CPUs follow");
}

const struct cli_type affinity_type = {
	.expected = "vq, the number of a queue, and CPUs as in 0-3,8 or 0x10f",
	.extra = 2,
	.parse = parse_affinity,
	.words = affinity_words,
};

void complete_devs(void *app _unused_, FILE *out)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	char text[VIRTIO_TYPE_TEXT_SIZE];
	struct err err;

	if (kernel_devs(false, &devs, &err))
		return;
	for (size_t i = 0; i < devs.count; i++) {
		const struct dev *dev = devs.items[i];

		cli_offer(out, dev->name, "%s%s",
			  dev->present & BIT64(DEV_HAS_TYPE) ? virtio_type_name(dev->type.id, text)
							     : "",
			  dev->attached ? ", attached" : "");
	}
}

void complete_types(void *app _unused_, FILE *out)
{
	static const uint32_t types[] = { VIRTIO_TYPE_NET, VIRTIO_TYPE_BLOCK, VIRTIO_TYPE_FS };
	char text[VIRTIO_TYPE_TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		cli_offer(out, virtio_type_name(types[i], text), "virtio device type %u", types[i]);
}
