/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statistics of devices: which queues to ask for, and rates. */
#include "stats.h"

#include "vdpa/kernel/kernel.h"
#include "vdpa/ops/stats-idle.h"
#include "vdpa/view.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000LL

void stats_release(struct stats *stats)
{
	for (size_t i = 0; i < stats->count; i++)
		list_clear(&stats->devs[i].queues);
	free(stats->devs);
	list_clear(&stats->names);
	*stats = (struct stats){ 0 };
}

/*
 * What the kernel says of the queues of one device after the other. Whether a failure is one is
 * known when all of them have been answered.
 */
struct answers {
	struct vdpa *vdpa;
	const struct stats *stats, *older; /* that are read, and those of the last time or NULL */
	struct stats_request
		failed; /* whose failure is kept; its device is NULL if there is none */
	int ret;
	struct err err;
};

/* Lists that follow each other mostly hold the same device at the same place. */
static const struct dev_stats *find_dev(const struct stats *stats, size_t place, const char *name)
{
	if (place < stats->count && str_equal(stats->devs[place].name, name))
		return &stats->devs[place];
	for (size_t i = 0; i < stats->count; i++)
		if (str_equal(stats->devs[i].name, name))
			return &stats->devs[i];
	return NULL;
}

/* Whether it was said the last time already. */
static bool is_known(const struct answers *answers, const struct dev_stats *dev)
{
	const struct dev_stats *before =
		answers->older ? find_dev(answers->older, dev - answers->stats->devs, dev->name)
			       : NULL;

	return before && before->failed;
}

/* Of a queue that a device's driver did not set up, or did not agree to. */
static bool is_unused(int ret)
{
	return ret == -EINVAL || ret == -ENODATA;
}

/* Reports the failure of a device that is one of several, or that has other queues to show. */
static void report(const struct answers *answers, const struct stats_request *request, int ret,
		   const struct err *err)
{
	struct err told = *err;

	/* One that was deleted meanwhile is not missing. */
	if (ret == -ENODEV)
		return;
	request->stats->failed = true;
	if (is_known(answers, request->stats))
		return;
	kernel_stats_explain(&told, request->dev, request->index);
	tool_report(&answers->vdpa->app, &told);
}

/* All queues of the device whose failure is kept have been answered. */
static void finish_dev(struct answers *answers)
{
	const struct stats_request *request = &answers->failed;

	if (request->dev && !(request->stats->queues.count && is_unused(answers->ret)))
		report(answers, request, answers->ret, &answers->err);
	answers->failed.dev = NULL;
}

static void failed(void *data, const struct stats_request *request, int ret, const struct err *err)
{
	struct answers *answers = data;

	if (answers->failed.dev != request->dev)
		finish_dev(answers);
	else if (!is_unused(answers->ret) || is_unused(ret))
		return;
	answers->failed = *request;
	answers->ret = ret;
	answers->err = *err;
}

static size_t count_queues(const struct dev *dev, const struct opt_u16 *qidx)
{
	return qidx->set ? 1 : dev->max_vqs;
}

/* The kernel tells how many queues a device has, and might tell anything. */
#define QUEUES_MAX 65536

static int check_queues(const struct list *devs, const struct opt_u16 *qidx, size_t *count,
			struct err *err)
{
	*count = 0;
	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];

		if (count_queues(dev, qidx) > QUEUES_MAX)
			return err_set(err, EBADMSG,
				       "read the statistics of '%s': it cannot have %u queues",
				       dev->name, dev->max_vqs);
		*count += count_queues(dev, qidx);
	}
	return 0;
}

/* Requests for queues, as many as may be needed. */
struct requests {
	struct stats_request *all;
	size_t count;
};

static void requests_release(struct requests *requests)
{
	free(requests->all);
}

static void add_queues(struct requests *requests, const struct stats *stats, size_t place,
		       const struct opt_u16 *qidx)
{
	const struct dev *dev = stats->names.items[place];

	for (size_t queue = 0; queue < count_queues(dev, qidx); queue++)
		requests->all[requests->count++] =
			(struct stats_request){ dev, &stats->devs[place],
						qidx->set ? qidx->value : queue };
}

static int ask(struct vdpa *vdpa, const struct requests *requests, struct answers *answers,
	       struct err *err)
{
	return kernel_stats(&vdpa->session.nl, requests->all, requests->count, failed, answers,
			    err);
}

static int fetch_one(struct vdpa *vdpa, const struct opt_u16 *qidx, struct requests *requests,
		     struct answers *answers, struct err *err)
{
	int ret;

	add_queues(requests, answers->stats, 0, qidx);
	ret = ask(vdpa, requests, answers, err);
	if (ret || !answers->failed.dev)
		return ret;
	if (answers->failed.stats->queues.count) {
		finish_dev(answers);
		return 0;
	}
	*err = answers->err;
	kernel_stats_explain(err, answers->failed.dev, answers->failed.index);
	return answers->ret;
}

/*
 * A kernel takes as long to find a device by its name as there are others, and each queue is asked
 * for by name. One look at all configurations tells which devices have no driver that has
 * negotiated: no queue of those can be read. What the kernel says of one of them, it would say of
 * the others of their management device.
 */
static int fetch_all(struct vdpa *vdpa, const struct opt_u16 *qidx, struct requests *requests,
		     struct answers *answers, struct err *err)
{
	_cleanup_(idle_release) struct idle idle = { 0 };
	const struct list *names = &answers->stats->names;
	const uint32_t queue = qidx->set ? qidx->value : 0;
	int ret = idle_find(&vdpa->session.nl, names, queue, &idle, err);

	for (size_t i = 0; !ret && i < answers->stats->count; i++) {
		const struct idle_group *group = idle.of[i];
		const struct stats_request request = { names->items[i], &answers->stats->devs[i],
						       queue };

		if (group && group->ret)
			report(answers, &request, group->ret, &group->err);
		else
			add_queues(requests, answers->stats, i, qidx);
	}
	if (!ret)
		ret = ask(vdpa, requests, answers, err);
	if (!ret)
		finish_dev(answers);
	return ret;
}

/* @older: of the last time, or NULL. */
static int fetch(struct vdpa *vdpa, const char *dev, const struct opt_u16 *qidx,
		 const struct stats *older, struct stats *stats, struct err *err)
{
	_cleanup_(requests_release) struct requests requests = { 0 };
	struct answers answers = { .vdpa = vdpa, .stats = stats, .older = older };
	size_t count;
	int ret;

	ret = dev ? kernel_dev(&vdpa->session.nl, dev, &stats->names, err)
		  : kernel_devs(&vdpa->session.nl, &stats->names, err);
	if (!ret)
		ret = check_queues(&stats->names, qidx, &count, err);
	if (ret)
		return ret;
	stats->devs = calloc(stats->names.count + 1, sizeof(*stats->devs));
	requests.all = calloc(count + 1, sizeof(*requests.all));
	if (!stats->devs || !requests.all)
		return err_memory(err);
	stats->count = stats->names.count;
	for (size_t i = 0; i < stats->count; i++) {
		const struct dev *item = stats->names.items[i];

		stats->devs[i] = (struct dev_stats){ .name = item->name, .type = item->type };
	}
	return dev ? fetch_one(vdpa, qidx, &requests, &answers, err)
		   : fetch_all(vdpa, qidx, &requests, &answers, err);
}

int stats_fetch(struct vdpa *vdpa, const char *dev, const struct opt_u16 *qidx, struct stats *stats,
		struct err *err)
{
	return fetch(vdpa, dev, qidx, NULL, stats, err);
}

/* Watching */

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
 * What was counted in each second since @older, whose counters may have started anew since; of a
 * device that had none then (NULL) that is not known, unless it is new as well.
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
		const struct dev_stats *before = find_dev(older, i, dev->name);

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

int stats_watch(struct vdpa *vdpa, const char *dev, const struct opt_u16 *qidx,
		unsigned int interval, unsigned int count, struct err *err)
{
	const bool in_place = isatty(STDOUT_FILENO) && !vdpa->app.out.json;
	_cleanup_(stats_release) struct stats older = { 0 };
	int64_t before = now(), next = before;
	int ret = stats_fetch(vdpa, dev, qidx, &older, err);

	vdpa->app.out.oneline |= !in_place;
	for (unsigned int i = 0; !ret && (!count || i < count); i++) {
		_cleanup_(stats_release) struct stats stats = { 0 };
		struct stats swap = older;
		int64_t time;

		next += interval * NANOSECONDS;
		sleep_until(next);
		time = now();
		ret = fetch(vdpa, dev, qidx, &older, &stats, err);
		if (ret)
			break;
		make_rates(&stats, &older, time - before);
		/* To the upper left corner, and nothing below. */
		if (in_place)
			fputs("\033[H\033[J", stdout);
		ret = stats_print(vdpa, &stats, err);
		older = stats;
		stats = swap;
		before = time;
	}
	return ret;
}
