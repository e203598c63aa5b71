/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fetches the statistics of devices: decides which queues to ask for and what to report. */
#include "stats.h"

#include "base/list.h"
#include "stats-idle.h"
#include "vdpa/kernel/kernel.h"

#include <errno.h>

void stats_release(struct stats *stats)
{
	for (size_t i = 0; i < stats->count; i++)
		list_clear(&stats->devs[i].queues);
	free(stats->devs);
	list_clear(&stats->names);
	*stats = (struct stats){ 0 };
}

/*
 * The answers arrive device by device. Unused queues fail on every device, so whether a failure
 * matters is known only after the last queue of its device: until then, one failure is kept.
 */
struct answers {
	struct session *session;
	const struct stats_query *query;
	const struct stats *stats;   /* the result */
	struct stats_request failed; /* whose failure is kept; its device is NULL if none is */
	int ret;		     /* that failure */
	struct err err;
	int reported; /* the errno that was reported last, or 0 */
};

const struct dev_stats *stats_find(const struct stats *stats, size_t place, const char *name)
{
	if (place < stats->count && str_equal(stats->devs[place].name, name))
		return &stats->devs[place];
	for (size_t i = 0; i < stats->count; i++)
		if (str_equal(stats->devs[i].name, name))
			return &stats->devs[i];
	return NULL;
}

/* Returns whether the failure of this device was reported the last time already. */
static bool is_known(const struct answers *answers, const struct dev_stats *dev)
{
	const struct stats *older = answers->query->older;
	const struct dev_stats *before =
		older ? stats_find(older, dev - answers->stats->devs, dev->name) : NULL;

	return before && before->failed;
}

/* Returns whether the error means a queue that the driver did not set up, or did not negotiate. */
static bool is_unused(int ret)
{
	return ret == -EINVAL || ret == -ENODATA;
}

/* Returns whether the error is common: no driver has set the device up, or it does not count. */
static bool is_usual(int ret)
{
	return is_unused(ret) || ret == -EAGAIN || ret == -EOPNOTSUPP;
}

/* Reports the failure of a device; the result still has the other devices or queues. */
static void report(struct answers *answers, const struct stats_request *request, int ret,
		   const struct err *err)
{
	struct err explained = *err;

	/* ENODEV: the device was deleted after it was listed, so nothing is missing. */
	if (ret == -ENODEV)
		return;
	request->stats->failed = true;
	if (is_known(answers, request->stats))
		return;
	if (answers->query->quiet && (is_usual(ret) || ret == answers->reported))
		return;
	answers->reported = ret;
	kernel_stats_explain(&explained, request->dev, request->index);
	caller_report(answers->session->caller, &explained);
}

/* All queues of a device have been answered: reports the failure that was kept, if it matters. */
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

/* The kernel reports how many queues a device has: never trust the wire with an allocation. */
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

/* The requests to send; allocated for all queues, although some may turn out to be needless. */
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

static int ask(const struct requests *requests, struct answers *answers, struct err *err)
{
	return kernel_stats(&answers->session->nl, requests->all, requests->count, failed, answers,
			    err);
}

static int fetch_one(struct requests *requests, struct answers *answers, struct err *err)
{
	int ret;

	add_queues(requests, answers->stats, 0, answers->query->qidx);
	ret = ask(requests, answers, err);
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
 * There is no dump of statistics: each queue needs a request with the name of its device, and the
 * kernel searches a linear list for that name. With a thousand idle devices that takes seconds. One
 * dump of configurations shows which devices no driver has negotiated with. No queue of those can
 * be read, and the kernel answers the same for all of them that share a management device.
 */
static int fetch_all(const struct list *configs, struct requests *requests, struct answers *answers,
		     struct err *err)
{
	_cleanup_(idle_release) struct idle idle = { 0 };
	const struct opt_u16 *qidx = answers->query->qidx;
	const struct list *names = &answers->stats->names;
	const uint32_t queue = qidx->set ? qidx->value : 0;
	int ret = idle_find(&answers->session->nl, names, configs, queue, &idle, err);

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
		ret = ask(requests, answers, err);
	if (!ret)
		finish_dev(answers);
	return ret;
}

/* Allocates the result and the requests. */
static int prepare(const struct opt_u16 *qidx, struct stats *stats, struct requests *requests,
		   struct err *err)
{
	size_t count;
	int ret = check_queues(&stats->names, qidx, &count, err);

	if (ret)
		return ret;
	stats->devs = calloc(stats->names.count + 1, sizeof(*stats->devs));
	requests->all = calloc(count + 1, sizeof(*requests->all));
	if (!stats->devs || !requests->all)
		return err_memory(err);
	stats->count = stats->names.count;
	for (size_t i = 0; i < stats->count; i++) {
		const struct dev *item = stats->names.items[i];

		stats->devs[i] = (struct dev_stats){ .name = item->name, .type = item->type };
	}
	return 0;
}

int stats_fetch(struct session *session, const struct stats_query *query, struct stats *stats,
		struct err *err)
{
	_cleanup_(requests_release) struct requests requests = { 0 };
	_cleanup_(list_clear) struct list configs = { 0 };
	struct answers answers = { .session = session, .query = query, .stats = stats };
	int ret = query->dev ? kernel_dev(&session->nl, query->dev, &stats->names, err)
			     : kernel_devs(&session->nl, &stats->names, err);

	if (!ret)
		ret = prepare(query->qidx, stats, &requests, err);
	if (ret)
		return ret;
	if (query->dev)
		return fetch_one(&requests, &answers, err);
	/* Configurations only save requests. If they cannot be read, ask for every device. */
	if (stats->count && kernel_configs(&session->nl, &configs, err))
		list_clear(&configs);
	return fetch_all(&configs, &requests, &answers, err);
}

int stats_fetch_of(struct session *session, const struct list *configs, struct stats *stats,
		   struct err *err)
{
	static const struct opt_u16 every = { .set = false };
	static const struct stats_query query = { .qidx = &every, .quiet = true };
	_cleanup_(requests_release) struct requests requests = { 0 };
	struct answers answers = { .session = session, .query = &query, .stats = stats };
	int ret = prepare(query.qidx, stats, &requests, err);

	return ret ? ret : fetch_all(configs, &requests, &answers, err);
}
