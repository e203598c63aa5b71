/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vdpa stats" and "vdpa dev vstats". */
#include "commands.h"
#include "stats.h"
#include "vdpa/view.h"

struct show_args {
	const char *dev;
	struct opt_u16 qidx, interval, count;
};

static int show(void *app, const void *args, struct err *err)
{
	const struct show_args *show = args;
	_cleanup_(stats_release) struct stats stats = { 0 };
	const struct stats_query query = { .dev = show->dev, .qidx = &show->qidx };
	struct vdpa *vdpa = app;
	int ret;

	if (show->count.set && !show->interval.set)
		return err_usage(err, "'count' needs 'interval'");
	if (show->interval.set)
		return stats_watch(vdpa, query, show->interval.value,
				   show->count.set ? show->count.value : 0, err);
	ret = stats_fetch(&vdpa->session, &query, &stats, err);
	return ret ? ret : stats_print(vdpa, &stats, err);
}

static const struct cli_arg show_arguments[] = {
	CLI_ARG(struct show_args, dev, "DEV", "device, all by default", .flags = CLI_POSITIONAL,
		.words = complete_devs),
	CLI_ARG(struct show_args, qidx, "N", "only the queue with this index, from 0",
		.max = 32768),
	CLI_ARG(struct show_args, interval, "SECONDS",
		"print rates per second, again and again at this interval", .min = 1),
	CLI_ARG(struct show_args, count, "N", "with interval: print this many times", .min = 1),
	{ 0 },
};

const struct cli_cmd stats_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the statistics that drivers keep for the queues of vDPA devices.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples =
			(const char *const[]){ "vdpa stats show", "vdpa -j dev stats show foo",
					       "vdpa dev stats show foo qidx 0 interval 1", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = show,
	},
	{ 0 },
};

/* vstats: one queue, in iproute2's form */

struct vstats_args {
	const char *dev;
	struct opt_u16 qidx;
};

static int vstats_show(void *app, const void *args, struct err *err)
{
	const struct vstats_args *show = args;
	_cleanup_(stats_release) struct stats stats = { 0 };
	const struct opt_u16 qidx = { .set = true, .value = show->qidx.value };
	const struct stats_query query = { .dev = show->dev, .qidx = &qidx };
	struct vdpa *vdpa = app;
	const struct queue_stats *queue;
	struct out out;
	int ret;

	ret = stats_fetch(&vdpa->session, &query, &stats, err);
	if (ret)
		return ret;
	queue = stats.devs[0].queues.items[0];
	tool_out(&vdpa->app, &out, "vstats", OUT_NAMED);
	out_row(&out, stats.devs[0].name, vstats_fields, queue,
		BIT64(HAS_ALWAYS) | (queue->type ? BIT64(QUEUE_STATS_HAS_TYPE) : 0));
	return out_close(&out, err);
}

static const struct cli_arg vstats_arguments[] = {
	CLI_ARG(struct vstats_args, dev, "DEV", "device", .flags = CLI_POSITIONAL | CLI_REQUIRED,
		.words = complete_devs),
	CLI_ARG(struct vstats_args, qidx, "N", "index of the queue, 0 by default", .max = 32768),
	{ 0 },
};

const struct cli_cmd vstats_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the statistics of one queue in iproute2's form; see also 'dev "
			"stats'.",
		.args = vstats_arguments,
		.size = sizeof(struct vstats_args),
		.examples = (const char *const[]){ "vdpa dev vstats show foo qidx 1", NULL },
		.flags = CLI_FIRST,
		.run = vstats_show,
	},
	{ 0 },
};
