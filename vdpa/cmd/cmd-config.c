/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vdpa dev config". */
#include "base/list.h"
#include "commands.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/ops/config-fetch.h"
#include "vdpa/view.h"

struct show_args {
	const char *dev;
};

static int show(void *app, const void *args, struct err *err)
{
	const struct show_args *show = args;
	_cleanup_(list_clear) struct list list = { 0 };
	_cleanup_(list_clear) struct list devs = { 0 };
	struct vdpa *vdpa = app;
	int ret;

	if (show->dev) {
		ret = kernel_config(&vdpa->session.nl, show->dev, &list, err);
	} else {
		ret = kernel_devs(&vdpa->session.nl, &devs, err);
		if (!ret)
			ret = config_fetch(&vdpa->session, &devs, &list, err);
	}
	return ret ? ret
		   : tool_out_list(&vdpa->app, "config", &list,
				   TOOL_ROWS(struct config, config_fields), err);
}

static const struct cli_arg show_arguments[] = {
	CLI_ARG(struct show_args, dev, "DEV", "device, all by default", .flags = CLI_POSITIONAL,
		.words = complete_devs),
	{ 0 },
};

const struct cli_cmd config_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the configuration space of vDPA devices: addresses, link, sizes in "
			"bytes, capacity in sectors of 512 bytes, negotiated features.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples = (const char *const[]){ "vdpa dev config show",
						   "vdpa -jp dev config show foo", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = show,
	},
	{ 0 },
};
