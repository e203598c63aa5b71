/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of vdpa's commands. */
#include "commands.h"

#include "monitor.h"
#include "tool/tool-metrics.h"

const char *const show_aliases[] = { "list", "lst", NULL };

/* Written without CLI_ARG(), which would need a member called "for". */
static const struct cli_arg doctor_arguments[] = {
	{
		.name = "for",
		.meta = "PID",
		.help = "check the locked-memory limit of this process, such as QEMU or libvirtd",
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
		.help = "Features of vDPA devices; the same as 'dev features'.",
		.sub = features_commands,
	},
	{
		.name = "stats",
		.help = "Statistics of vDPA devices; the same as 'dev stats'.",
		.sub = stats_commands,
	},
	{
		.name = "feature",
		.help = "Names and meanings of feature bits; needs no device.",
		.sub = feature_commands,
	},
	{
		.name = "save",
		.help = "Prints the existing devices as a file for 'apply'.",
		.args = save_arguments,
		.size = sizeof(struct save_args),
		.examples = (const char *const[]){ "vdpa save >/etc/vdpa/devices.d/local.conf",
						   "vdpa save mgmtdev vdpasim_net",
						   "vdpa -jp save foo", NULL },
		.run = save_run,
	},
	{
		.name = "apply",
		.help = "Creates, changes and deletes devices until they match files.",
		.args = apply_arguments,
		.size = sizeof(struct apply_args),
		.examples = (const char *const[]){ "vdpa apply /etc/vdpa/devices.d check",
						   "vdpa apply /etc/vdpa/devices.d wait 30",
						   "vdpa save | vdpa -jp apply - check", NULL },
		.run = apply_run,
	},
	{
		.name = "monitor",
		.help = "Prints events as they happen: devices and management devices that are "
			"added, removed, bound and unbound.",
		.examples = (const char *const[]){ "vdpa monitor", "vdpa -jt monitor", NULL },
		.run = monitor,
	},
	{
		.name = "metrics",
		.help = "Prints metrics for Prometheus: devices, links, drivers, counters of "
			"queues, and how many devices differ from the files of 'apply'.",
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
		.help = "Reports what vDPA devices need, what is missing, and how to fix it; "
			"changes nothing.",
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
	.help = "Creates, shows, changes and deletes vDPA devices.",
	.sub = objects,
};
