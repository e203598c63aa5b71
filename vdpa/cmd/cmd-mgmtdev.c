/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vdpa mgmtdev". */
#include "base/list.h"
#include "commands.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/view.h"

struct show_args {
	struct opt_handle mgmtdev;
};

static int show(void *app, const void *args, struct err *err)
{
	const struct show_args *show = args;
	_cleanup_(kernel_mgmtdevs_release) struct list list = { 0 };
	struct vdpa *vdpa = app;
	int ret;

	if (show->mgmtdev.set)
		ret = kernel_mgmtdev(&vdpa->session.nl, &show->mgmtdev.value, &list, err);
	else
		ret = kernel_mgmtdevs(&vdpa->session.nl, &list, err);
	if (!ret && vdpa->app.out.details)
		ret = kernel_mgmtdev_details(&vdpa->session.nl, &list, err);
	return ret ? ret
		   : tool_out_list(&vdpa->app, "mgmtdev", &list,
				   TOOL_ROWS(struct mgmtdev, mgmtdev_fields), err);
}

static const struct cli_arg show_arguments[] = {
	CLI_ARG_OF(struct show_args, mgmtdev, struct opt_handle, &handle_type, "MGMTDEV",
		   "management device, BUS/NAME or NAME, all by default", .flags = CLI_POSITIONAL,
		   .words = complete_mgmtdevs),
	{ 0 },
};

const struct cli_cmd mgmtdev_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Lists management devices with the classes and features of devices that "
			"they can create; with -d also the devices that they have created.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples = (const char *const[]){ "vdpa mgmtdev show", "vdpa -d mgmtdev show",
						   "vdpa -jp mgmtdev show pci/0000:65:00.2", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = show,
	},
	{ 0 },
};
