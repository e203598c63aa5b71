/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vdpa features" and "vdpa feature". */
#include "base/list.h"
#include "commands.h"
#include "tool/tool-words.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/ops/config-fetch.h"
#include "vdpa/view.h"
#include "virtio/features.h"

struct show_args {
	const char *dev;
};

/* The lists from which the features of devices are combined. */
struct sources {
	struct list mgmtdevs, devs, configs;
};

static void sources_release(struct sources *sources)
{
	list_clear(&sources->mgmtdevs);
	list_clear(&sources->devs);
	list_clear(&sources->configs);
}

static int fetch(struct vdpa *vdpa, const char *name, struct sources *sources, struct err *err)
{
	int ret;

	ret = kernel_mgmtdevs(&vdpa->session.nl, &sources->mgmtdevs, err);
	if (!ret)
		ret = name ? kernel_dev(&vdpa->session.nl, name, &sources->devs, err)
			   : kernel_devs(&vdpa->session.nl, &sources->devs, err);
	if (!ret)
		ret = name ? kernel_config(&vdpa->session.nl, name, &sources->configs, err)
			   : config_fetch(&vdpa->session, &sources->devs, &sources->configs, err);
	return ret;
}

static struct feature_set named_as(uint64_t bits, uint32_t type)
{
	return (struct feature_set){ .bits = bits, .type = type };
}

/*
 * Combines three answers: the management device reports what it can offer, and the configuration
 * what the device offers and its driver has negotiated. Each may be absent.
 */
static struct dev_features combine(const struct config *config, const struct mgmtdev *mgmtdev)
{
	const uint32_t type = config->type.id;
	struct dev_features features = { .name = config->name,
					 .type = config->type,
					 .present = BIT64(HAS_ALWAYS) };

	if (mgmtdev && mgmtdev->present & BIT64(MGMTDEV_HAS_FEATURES)) {
		features.supported = named_as(mgmtdev->features.bits, type);
		features.present |= BIT64(DEV_FEATURES_HAS_SUPPORTED);
	}
	if (config->present & BIT64(CONFIG_HAS_FEATURES)) {
		features.device = config->features;
		features.present |= BIT64(DEV_FEATURES_HAS_DEVICE);
	}
	if (config->present & BIT64(CONFIG_HAS_NEGOTIATED)) {
		features.negotiated = config->negotiated;
		features.present |= BIT64(DEV_FEATURES_HAS_NEGOTIATED);
	}
	return features;
}

static int print(struct vdpa *vdpa, const struct sources *sources, struct err *err)
{
	struct out out;
	size_t next = 0;

	tool_out(&vdpa->app, &out, "features", OUT_NAMED);
	for (size_t i = 0; i < sources->configs.count; i++) {
		const struct config *config = sources->configs.items[i];
		const struct dev *dev =
			list_find(&sources->devs, offsetof(struct dev, name), config->name, &next);
		const struct mgmtdev *mgmtdev =
			dev ? list_find(&sources->mgmtdevs, offsetof(struct mgmtdev, name),
					dev->mgmtdev, NULL)
			    : NULL;
		struct dev_features features = combine(config, mgmtdev);

		out_row(&out, features.name, dev_features_fields, &features, features.present);
	}
	return out_close(&out, err);
}

static int show(void *app, const void *args, struct err *err)
{
	const struct show_args *show = args;
	_cleanup_(sources_release) struct sources sources = { 0 };
	struct vdpa *vdpa = app;
	int ret = fetch(vdpa, show->dev, &sources, err);

	return ret ? ret : print(vdpa, &sources, err);
}

static const struct cli_arg show_arguments[] = {
	CLI_ARG(struct show_args, dev, "DEV", "device, all by default", .flags = CLI_POSITIONAL,
		.words = complete_devs),
	{ 0 },
};

const struct cli_cmd features_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the features of vDPA devices: supported by the management device, "
			"offered by the device, negotiated with its driver (absent until "
			"then); with -d as a table of bits.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples = (const char *const[]){ "vdpa dev features show foo",
						   "vdpa -d features show foo", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = show,
	},
	{ 0 },
};

/* feature list, feature decode */

struct list_args {
	struct opt_device_type type;
};

struct decode_args {
	struct opt_features mask;
	struct opt_device_type type;
};

static uint32_t type_or_net(const struct opt_device_type *type)
{
	return type->set ? type->id : VIRTIO_TYPE_NET;
}

static int list(void *app, const void *args, struct err *err)
{
	uint32_t type = type_or_net(&((const struct list_args *)args)->type);
	const struct virtio_feature *feature;
	struct vdpa *vdpa = app;
	struct out out;

	tool_out(&vdpa->app, &out, "feature", OUT_LIST);
	for (size_t i = 0; (feature = virtio_feature_at(type, i)); i++) {
		struct feature_row row = { feature->bit, feature->name, feature->meaning };

		out_row(&out, NULL, feature_fields, &row, BIT64(HAS_ALWAYS));
	}
	return out_close(&out, err);
}

static int decode(void *app, const void *args, struct err *err)
{
	const struct decode_args *decode = args;
	uint32_t type = type_or_net(&decode->type);
	char text[VIRTIO_FEATURE_TEXT_SIZE];
	struct bare_hex bare_hex = { 0 };
	struct vdpa *vdpa = app;
	struct out out;
	uint64_t mask;
	int ret;

	ret = virtio_features_parse(decode->mask.words, type, &bare_hex, &mask, err);
	if (ret)
		return ret;
	if (bare_hex.digits[0])
		tool_warn(&vdpa->app, "feature decode: %s is read as hexadecimal, write 0x%s",
			  bare_hex.digits, bare_hex.digits);
	tool_out(&vdpa->app, &out, "feature", OUT_LIST);
	for (unsigned int bit = 0; bit < 64; bit++) {
		struct feature_row row;

		if (!(mask & BIT64(bit)))
			continue;
		feature_row_fill(&row, type, bit, text);
		out_row(&out, NULL, feature_fields, &row, BIT64(HAS_ALWAYS));
	}
	return out_close(&out, err);
}

#define TYPE_ARG(args)                                                                             \
	CLI_ARG_OF(args, type, struct opt_device_type, &virtio_type_arg, "TYPE",                   \
		   "virtio type that the bits belong to: net (the default), block, ...")

static const struct cli_arg list_arguments[] = {
	TYPE_ARG(struct list_args),
	{ 0 },
};

static const struct cli_arg decode_arguments[] = {
	CLI_ARG_OF(struct decode_args, mask, struct opt_features, &virtio_features_arg, "MASK",
		   "mask as in 0x300000028, or names joined by commas",
		   .flags = CLI_POSITIONAL | CLI_REQUIRED, .words = tool_words_features),
	TYPE_ARG(struct decode_args),
	{ 0 },
};

const struct cli_cmd feature_commands[] = {
	{
		.name = "list",
		.aliases = (const char *const[]){ "show", "lst", NULL },
		.help = "Lists the feature bits of a virtio type and of the transport.",
		.args = list_arguments,
		.size = sizeof(struct list_args),
		.examples = (const char *const[]){ "vdpa feature list type block", NULL },
		.flags = CLI_DEFAULT | CLI_OFFLINE,
		.run = list,
	},
	{
		.name = "decode",
		.help = "Names and explains the bits of a mask.",
		.args = decode_arguments,
		.size = sizeof(struct decode_args),
		.flags = CLI_OFFLINE,
		.examples = (const char *const[]){ "vdpa feature decode 0x300000028",
						   "vdpa -j feature decode MAC,MTU", NULL },
		.run = decode,
	},
	{ 0 },
};
