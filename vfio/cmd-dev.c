/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vfio dev". */
#include "base/list.h"
#include "commands.h"

#include "kernel.h"
#include "view.h"

struct show_args {
	const char *dev;
};

static int show(void *data, const void *args, struct err *err)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	const struct show_args *show = args;
	int ret = show->dev ? kernel_dev(show->dev, &devs, err) : kernel_devs(&devs, err);
	struct app *app = data;

	if (ret)
		return ret;
	return tool_out_list(app, "dev", &devs, TOOL_ROWS(struct dev, dev_fields), err);
}

static const struct cli_arg show_arguments[] = {
	DEV_ARG(struct show_args, dev, CLI_NAMED),
	{ 0 },
};

const struct cli_cmd dev_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows devices that are bound to a VFIO driver, their nodes, and who has "
			"them open. Opens none.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples =
			(const char *const[]){ "vfio dev show", "vfio -jp dev show 00:04.0", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = show,
	},
	{ 0 },
};
