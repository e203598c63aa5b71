/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of vfio's commands. */
#include "commands.h"

const char *const show_aliases[] = { "list", "lst", NULL };

static const struct cli_cmd objects[] = {
	{
		.name = "dev",
		.help = "Devices that are bound to a VFIO driver.",
		.sub = dev_commands,
		.flags = CLI_FIRST,
	},
	{
		.name = "feature",
		.help = "Features of a device, such as migration.",
		.sub = feature_commands,
	},
	{
		.name = "region",
		.help = "The regions of a device: its memory, its configuration space.",
		.sub = region_commands,
	},
	{ 0 },
};

const struct cli_cmd vfio_root = {
	.name = "vfio",
	.help = "Shows devices that are passed to user space, and what they can do.",
	.sub = objects,
};
