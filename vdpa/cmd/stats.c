/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the statistics of devices, or their rates at an interval. */
#include "stats.h"

#include "vdpa/view.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000LL

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

static const struct counter *find_counter(const struct counters *counters, const char *name)
{
	for (size_t i = 0; i < counters->count; i++)
		if (str_equal(counters->counters[i].name, name))
			return &counters->counters[i];
	return NULL;
}

static const struct queue_stats *find_queue(const struct dev_stats *dev, uint32_t index)
{
	for (size_t i = 0; i < dev->queues.count; i++) {
		const struct queue_stats *queue = dev->queues.items[i];

		if (queue->index == index)
			return queue;
	}
	return NULL;
}

/*
 * Turns totals into rates per second since @older. A total that has shrunk means that the driver
 * started to count from zero again. @older is NULL for a queue that had no counters then: if its
 * device is new, it counted from zero, otherwise the rate is unknown and shown as 0.
 */
static void set_rates(struct queue_stats *queue, const struct queue_stats *older, bool is_new,
		      int64_t nanoseconds)
{
	for (size_t i = 0; i < queue->counters.count; i++) {
		struct counter *counter = &queue->counters.counters[i];
		const struct counter *old =
			older ? find_counter(&older->counters, counter->name) : NULL;
		uint64_t start = old && old->total <= counter->total ? old->total : 0;

		if (!older && !is_new)
			start = counter->total;
		counter->value = (double)(counter->total - start) * NANOSECONDS / nanoseconds + 0.5;
	}
}

static void make_rates(struct stats *stats, const struct stats *older, int64_t nanoseconds)
{
	for (size_t i = 0; i < stats->count; i++) {
		const struct dev_stats *dev = &stats->devs[i];
		const struct dev_stats *before = stats_find(older, i, dev->name);

		for (size_t q = 0; q < dev->queues.count; q++) {
			struct queue_stats *queue = dev->queues.items[q];

			set_rates(queue, before ? find_queue(before, queue->index) : NULL, !before,
				  nanoseconds);
		}
	}
}

static void sleep_until(int64_t time)
{
	struct timespec until = { .tv_sec = time / NANOSECONDS, .tv_nsec = time % NANOSECONDS };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

int stats_print(struct vdpa *vdpa, const struct stats *stats, struct err *err)
{
	struct out out;

	tool_out(&vdpa->app, &out, "stats", OUT_NAMED);
	for (size_t i = 0; i < stats->count; i++) {
		const struct dev_stats *dev = &stats->devs[i];

		if (dev->queues.count)
			out_row(&out, dev->name, dev_stats_fields, dev, BIT64(HAS_ALWAYS));
	}
	return out_close(&out, err);
}

int stats_watch(struct vdpa *vdpa, struct stats_query query, unsigned int interval,
		unsigned int count, struct err *err)
{
	const bool in_place = isatty(STDOUT_FILENO) && !vdpa->app.out.json;
	_cleanup_(stats_release) struct stats older = { 0 };
	int64_t before = now(), next = before;
	int ret = stats_fetch(&vdpa->session, &query, &older, err);

	query.older = &older;
	vdpa->app.out.oneline |= !in_place;
	for (unsigned int i = 0; !ret && (!count || i < count); i++) {
		_cleanup_(stats_release) struct stats stats = { 0 };
		struct stats swap = older;
		int64_t time;

		next += interval * NANOSECONDS;
		sleep_until(next);
		time = now();
		ret = stats_fetch(&vdpa->session, &query, &stats, err);
		if (ret)
			break;
		make_rates(&stats, &older, time - before);
		/* Move to the upper left corner, and clear the screen below. */
		if (in_place)
			fputs("\033[H\033[J", stdout);
		ret = stats_print(vdpa, &stats, err);
		older = stats;
		stats = swap;
		before = time;
	}
	return ret;
}
