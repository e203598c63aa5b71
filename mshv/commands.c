/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of mshv's commands. */
#include "commands.h"

static const struct cli_cmd objects[] = {
	{
		.name = "version",
		.help = "Which of its interfaces the node has, and their versions.",
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
	.help = "Asks the kernel's driver of the Microsoft hypervisor which interface it has, and "
		"what that can do.",
	.sub = objects,
};
