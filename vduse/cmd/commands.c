/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of vduse's commands. */
#include "commands.h"

#include "tool/tool-metrics.h"

const char *const show_aliases[] = { "list", "lst", NULL };

static const struct cli_cmd objects[] = {
	{
		.name = "version",
		.help = "The version of VDUSE's interface.",
		.sub = version_commands,
	},
	{
		.name = "features",
		.help = "The features of VDUSE itself that the kernel offers.",
		.sub = features_commands,
	},
	{
		.name = "dev",
		.help = "VDUSE devices, each served by a program.",
		.sub = dev_commands,
		.flags = CLI_FIRST,
	},
	{
		.name = "metrics",
		.help = "Prints the devices, whether a program serves each and whether it is on "
			"the vdpa bus, in Prometheus' text format.",
		.args = metrics_arguments,
		.size = sizeof(struct metrics_args),
		.examples = (const char *const[]){ "vduse metrics",
						   "vduse metrics output "
						   "/var/lib/prometheus/node-exporter/vduse.prom",
						   NULL },
		.run = metrics_run,
	},
	{
		.name = "doctor",
		.help = "Checks what VDUSE devices need, and reports what is missing and how to "
			"fix it; changes nothing.",
		.examples = (const char *const[]){ "vduse doctor", "vduse -jp doctor", NULL },
		.run = doctor_run,
	},
	{ 0 },
};

const struct cli_cmd vduse_root = {
	.name = "vduse",
	.help = "Manages vDPA devices that programs serve: creates, shows, changes and deletes "
		"them.",
	.sub = objects,
};
