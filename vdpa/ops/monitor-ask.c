/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists management devices for monitor, in a child process: monitor goes on if the kernel hangs. */
#include "monitor-ask.h"

#include "abi/vdpa.h"
#include "base/clock.h"
#include "base/list.h"
#include "vdpa/kernel/kernel.h"

#include <errno.h>
#include <poll.h>

/* Memory that is shared with the child process. Only pages that are written to cost anything. */
struct mgmtdev_names {
	size_t count;
	size_t used;
	char text[1 << 20]; /* the names one after the other, each with its NUL */
};

static int put(struct mgmtdev_names *names, const char *name, struct err *err)
{
	size_t size = strlen(name) + 1;

	if (size > sizeof(names->text) - names->used)
		return err_set(err, EOVERFLOW, "there are too many management devices");
	memcpy(names->text + names->used, name, size);
	names->used += size;
	names->count++;
	return 0;
}

/* The family's id changes each time its module is loaded, so each query looks it up again. */
static int ask(void *data, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	_cleanup_(nl_release) struct nl nl;
	struct mgmtdev_names *names = data;
	int ret;

	nl_init(&nl, VDPA_GENL_NAME, VDPA_GENL_VERSION);
	ret = kernel_mgmtdevs(&nl, &list, err);
	for (size_t i = 0; !ret && i < list.count; i++)
		ret = put(names, ((const struct mgmtdev *)list.items[i])->name, err);
	return ret;
}

static int start(struct mgmtdev_query *query, struct err *err)
{
	query->names = worker_memory(sizeof(*query->names));
	if (!query->names)
		return err_memory(err);
	query->since = clock_milliseconds();
	return worker_start(&query->worker, ask, query->names, err);
}

static bool has_answer(const struct mgmtdev_query *query, int milliseconds)
{
	struct pollfd process = { .fd = query->worker.process, .events = POLLIN };

	return poll(&process, 1, milliseconds) > 0;
}

static int take(const struct mgmtdev_names *names, struct driver_map *mgmtdevs, struct err *err)
{
	const char *name = names->text;
	int ret = 0;

	for (size_t i = 0; !ret && i < names->count; i++, name += strlen(name) + 1)
		ret = driver_map_put(mgmtdevs, name, NULL, err);
	return ret;
}

int mgmtdev_query(struct mgmtdev_query *query, int milliseconds, struct driver_map *mgmtdevs,
		  struct err *err)
{
	int ret = query->names ? 0 : start(query, err);

	if (!ret && !has_answer(query, milliseconds))
		return 0;
	if (!ret)
		ret = worker_wait(&query->worker, -1, err);
	if (!ret)
		ret = take(query->names, mgmtdevs, err);
	mgmtdev_query_release(query);
	return ret ? ret : 1;
}

void mgmtdev_query_release(struct mgmtdev_query *query)
{
	worker_release(&query->worker);
	worker_memory_free(query->names, sizeof(*query->names));
	query->names = NULL;
}
