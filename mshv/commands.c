/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of mshv's commands. */
#include "commands.h"

static const struct cli_cmd objects[] = {
	{
		.name = "version",
		.help = "The interface of the node, and its versions.",
		.sub = version_commands,
	},
	{
		.name = "extension",
		.help = "Extensions of the VTL interface.",
		.sub = extension_commands,
	},
	{ 0 },
};

const struct cli_cmd mshv_root = {
	.name = "mshv",
	.help = "Reports what the kernel's driver for the Microsoft hypervisor can do.",
	.sub = objects,
};
