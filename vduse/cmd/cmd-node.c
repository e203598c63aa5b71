/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that ask the node of a device: its features, queues and mappings. */
#include "base/list.h"
#include "commands.h"
#include "vduse/kernel/kernel.h"
#include "vduse/ops/dev-attach.h"
#include "vduse/view.h"
#include "virtio/view.h"

#include <errno.h>

/*
 * The kernel lets one process at a time open the node of a device, so these commands fail while a
 * program serves it.
 */
struct node_args {
	const char *dev;
};

struct vq_args {
	const char *dev;
	struct opt_u16 qidx;
};

static int show(struct app *app, const char *key, const char *name, const struct out_type *type,
		const void *member, struct err *err)
{
	struct out out;

	tool_out(app, &out, key, OUT_NAMED);
	out_row_value(&out, name, type, member);
	return out_close(&out, err);
}

/* The names of feature bits depend on the type, which only the vdpa bus knows. */
static uint32_t type_of(struct app *app, const char *name)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	const struct dev *dev;
	struct err err;

	if (kernel_dev(name, false, &devs, &err))
		return VIRTIO_TYPE_ANY;
	attach_fill_types(&app->caller, &devs);
	dev = devs.items[0];
	return dev->present & BIT64(DEV_HAS_TYPE) ? dev->type.id : VIRTIO_TYPE_ANY;
}

static int show_features(void *data, const void *args, struct err *err)
{
	const struct node_args *node = args;
	struct feature_set features = { 0 };
	int ret = kernel_dev_features(node->dev, &features.bits, err);

	if (ret)
		return ret;
	features.type = type_of(data, node->dev);
	return show(data, "dev_features", node->dev, &out_type_features, &features, err);
}

/* Keeps only the queue that the user asked for. */
static int pick(struct list *vqs, const struct vq_args *args, struct err *err)
{
	if (!args->qidx.set)
		return 0;
	if (args->qidx.value >= vqs->count)
		return err_set(err, ENOENT, "show '%.300s': it has no queue %u, only %zu queues",
			       args->dev, args->qidx.value, vqs->count);
	vqs->items[0] = vqs->items[args->qidx.value];
	vqs->count = 1;
	return 0;
}

static int show_vqs(void *data, const void *args, struct err *err)
{
	_cleanup_(list_clear) struct list vqs = { 0 };
	const struct vq_args *vq = args;
	int ret = kernel_vqs(vq->dev, &vqs, err);

	if (!ret)
		ret = pick(&vqs, vq, err);
	return ret ? ret : show(data, "vq", vq->dev, &vqs_type, &vqs, err);
}

static int show_iotlbs(void *data, const void *args, struct err *err)
{
	_cleanup_(list_clear) struct list iotlbs = { 0 };
	const struct node_args *node = args;
	int ret = kernel_iotlbs(node->dev, &iotlbs, err);

	return ret ? ret : show(data, "iotlb", node->dev, &iotlbs_type, &iotlbs, err);
}

#define DEV_HELP "device that nobody serves"

static const struct cli_arg node_arguments[] = {
	CLI_ARG(struct node_args, dev, "DEV", DEV_HELP, .flags = CLI_POSITIONAL | CLI_REQUIRED,
		.words = complete_devs),
	{ 0 },
};

static const struct cli_arg vq_arguments[] = {
	CLI_ARG(struct vq_args, dev, "DEV", DEV_HELP, .flags = CLI_POSITIONAL | CLI_REQUIRED,
		.words = complete_devs),
	CLI_ARG(struct vq_args, qidx, "N", "only this queue, counted from 0"),
	{ 0 },
};

const struct cli_cmd dev_features_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the virtio features that the driver has negotiated.",
		.args = node_arguments,
		.size = sizeof(struct node_args),
		.examples = (const char *const[]){ "vduse dev features show foo", NULL },
		.flags = CLI_DEFAULT,
		.run = show_features,
	},
	{ 0 },
};

const struct cli_cmd vq_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the virtqueues, as the driver has set them up.",
		.args = vq_arguments,
		.size = sizeof(struct vq_args),
		.examples = (const char *const[]){ "vduse dev vq show foo",
						   "vduse -jp dev vq show foo qidx 0", NULL },
		.flags = CLI_DEFAULT,
		.run = show_vqs,
	},
	{ 0 },
};

const struct cli_cmd iotlb_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the mappings of the driver's memory.",
		.args = node_arguments,
		.size = sizeof(struct node_args),
		.examples = (const char *const[]){ "vduse dev iotlb show foo", NULL },
		.flags = CLI_DEFAULT,
		.run = show_iotlbs,
	},
	{ 0 },
};
