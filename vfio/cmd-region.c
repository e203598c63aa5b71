/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "abi/vfio.h"
#include "dev-open.h"
#include "kernel-alias.h"
#include "view.h"

struct show_args {
	struct open_args open;
};

struct alias_args {
	struct open_args open;
	struct region_index region;
	bool wc;
};

static int print(struct app *app, const struct work *work, const struct list *regions,
		 struct err *err)
{
	struct out out;

	tool_out(app, &out, "region", OUT_NAMED);
	out_row_value(&out, work->session.dev->name, &regions_type, regions);
	return out_close(&out, err);
}

static int show(void *data, const void *args, struct err *err)
{
	_cleanup_(work_release) struct work work = WORK_INIT;
	_cleanup_(regions_clear) struct list regions = { 0 };
	const struct show_args *show = args;
	int ret = dev_open(data, &show->open, &work, err);

	if (!ret)
		ret = kernel_regions(&work.session, &regions, err);
	return ret ? ret : print(data, &work, &regions, err);
}

static int alias(void *data, const void *args, struct err *err)
{
	_cleanup_(work_release) struct work work = WORK_INIT;
	_cleanup_(regions_clear) struct list regions = { 0 };
	_cleanup_(regions_clear) struct list made = { 0 };
	const struct alias_args *alias = args;
	uint32_t flags = alias->wc ? BIT64(VFIO_REGION_WC) : 0, number;
	int ret = dev_open(data, &alias->open, &work, err);

	if (!ret)
		ret = kernel_region(&work.session, alias->region.index, &regions, err);
	if (!ret)
		ret = kernel_alias(&work.session, regions.items[0], flags, &number, err);
	if (!ret)
		ret = kernel_region(&work.session, number, &made, err);
	if (ret)
		return ret;
	tool_warn(data, "the alias goes with this process: it shows what a program that keeps the "
			"device open would get");
	return print(data, &work, &made, err);
}

static const struct cli_arg show_arguments[] = {
	DEV_ARG(struct show_args, open.dev, CLI_REQUIRED),
	OPEN_ARGS(struct show_args),
	{ 0 },
};

static const struct cli_arg alias_arguments[] = {
	DEV_ARG(struct alias_args, open.dev, CLI_REQUIRED),
	CLI_ARG_OF(struct alias_args, region, struct region_index, &region_type, "REGION",
		   "its name or number: bar0", .flags = CLI_POSITIONAL | CLI_REQUIRED),
	CLI_ARG(struct alias_args, wc, NULL, "map it so that writes are combined"),
	OPEN_ARGS(struct alias_args),
	{ 0 },
};

const struct cli_cmd region_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the regions of a device: their sizes in bytes, their places in the "
			"device's file, whether they can be read, written and mapped. Resets it.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples = (const char *const[]){ "vfio region show 0000:00:04.0",
						   "vfio -jp region show vfio0 iommufd", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = show,
	},
	{
		.name = "alias",
		.help = "Makes a second view of a region, and shows it; on kernels with the "
			"proposed alias_region only. Resets the device.",
		.args = alias_arguments,
		.size = sizeof(struct alias_args),
		.examples = (const char *const[]){ "vfio region alias 0000:00:04.0 bar2 wc", NULL },
		.run = alias,
	},
	{ 0 },
};
