/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of vdpa's commands. */
#include "commands.h"

#include "monitor.h"
#include "tool/tool-metrics.h"

const char *const show_aliases[] = { "list", "lst", NULL };

/* By hand: the word is one of C's. */
static const struct cli_arg doctor_arguments[] = {
	{
		.name = "for",
		.meta = "PID",
		.help = "check the limit of locked memory of this process, which runs a virtual "
			"machine or is to start some",
		.offset = offsetof(struct doctor_args, pid),
		.type = &cli_type_u32,
		.min = 1,
		.max = 4194304,
	},
	{ 0 },
};

static const struct cli_cmd objects[] = {
	{
		.name = "mgmtdev",
		.help = "Management devices, which create vDPA devices.",
		.sub = mgmtdev_commands,
		.flags = CLI_FIRST,
	},
	{
		.name = "dev",
		.help = "vDPA devices.",
		.sub = dev_commands,
		.flags = CLI_FIRST,
	},
	{
		.name = "features",
		.help = "The features of vDPA devices, as in dev features.",
		.sub = features_commands,
	},
	{
		.name = "stats",
		.help = "The statistics of vDPA devices, as in dev stats.",
		.sub = stats_commands,
	},
	{
		.name = "feature",
		.help = "The names and meanings of feature bits; needs no device.",
		.sub = feature_commands,
	},
	{
		.name = "save",
		.help = "Prints the devices that there are as a file that apply reads.",
		.args = save_arguments,
		.size = sizeof(struct save_args),
		.examples = (const char *const[]){ "vdpa save >/etc/vdpa/devices.d/local.conf",
						   "vdpa save mgmtdev vdpasim_net",
						   "vdpa -jp save foo", NULL },
		.run = save_run,
	},
	{
		.name = "apply",
		.help = "Makes the devices of this host as files of 'dev add' and 'dev del' say.",
		.args = apply_arguments,
		.size = sizeof(struct apply_args),
		.examples = (const char *const[]){ "vdpa apply /etc/vdpa/devices.d check",
						   "vdpa apply /etc/vdpa/devices.d wait 30",
						   "vdpa save | vdpa -jp apply - check", NULL },
		.run = apply_run,
	},
	{
		.name = "monitor",
		.help = "Prints devices and management devices that are added, removed, bound and "
			"unbound, as it happens: a line each, with -j a JSON document each.",
		.examples = (const char *const[]){ "vdpa monitor", "vdpa -jt monitor", NULL },
		.run = monitor,
	},
	{
		.name = "metrics",
		.help = "Prints what is to be watched over time in Prometheus' text format: "
			"devices, their links and drivers, what their queues count, and how many "
			"differ from the files of 'apply'.",
		.args = metrics_arguments,
		.size = sizeof(struct metrics_args),
		.examples = (const char *const[]){ "vdpa metrics",
						   "vdpa metrics output "
						   "/var/lib/prometheus/node-exporter/vdpa.prom",
						   NULL },
		.run = metrics_run,
	},
	{
		.name = "doctor",
		.help = "Tells what devices need, what is missing, and what mends it; changes "
			"nothing.",
		.args = doctor_arguments,
		.size = sizeof(struct doctor_args),
		.examples = (const char *const[]){ "vdpa doctor", "vdpa -jp doctor",
						   "vdpa doctor for 1234", NULL },
		.run = doctor_run,
	},
	{ 0 },
};

const struct cli_cmd vdpa_root = {
	.name = "vdpa",
	.help = "Manages vDPA devices: lists what can create them, creates, shows, changes and "
		"deletes them.",
	.sub = objects,
};
