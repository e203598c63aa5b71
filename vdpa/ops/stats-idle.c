/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds devices that have no statistics because no driver uses them: they need no request. */
#include "stats-idle.h"

#include "base/list.h"
#include "vdpa/kernel/kernel.h"

#include <errno.h>

void idle_release(struct idle *idle)
{
	list_clear(&idle->groups);
	free(idle->of);
}

static bool is_of(const struct idle_group *group, const struct dev *dev)
{
	return group->first->type.id == dev->type.id &&
	       str_equal(group->first->mgmtdev, dev->mgmtdev);
}

/* Devices of one management device mostly follow each other, so start with the newest group. */
static struct idle_group *find_group(struct idle *idle, const struct dev *dev)
{
	struct idle_group *group;

	for (size_t i = idle->groups.count; i > 0; i--)
		if (is_of(idle->groups.items[i - 1], dev))
			return idle->groups.items[i - 1];
	group = list_new(&idle->groups, sizeof(*group));
	if (group)
		*group = (struct idle_group){ .first = dev };
	return group;
}

/*
 * A configuration without negotiated features means that no driver uses the device. A device
 * without a configuration is in no group: the kernel must be asked about it.
 */
static int group_devs(const struct list *devs, const struct list *configs, struct idle *idle)
{
	size_t next = 0;

	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];
		const struct config *config =
			list_find(configs, offsetof(struct config, name), dev->name, &next);

		if (!config || config->present & BIT64(CONFIG_HAS_NEGOTIATED))
			continue;
		idle->of[i] = find_group(idle, dev);
		if (!idle->of[i])
			return -ENOMEM;
	}
	return 0;
}

/* Only these two errors hold for all devices of a group; others may be about a single queue. */
static void failed(void *data, const struct stats_request *request, int ret, const struct err *err)
{
	struct idle *idle = data;

	for (size_t i = 0; i < idle->groups.count; i++) {
		struct idle_group *group = idle->groups.items[i];

		if (group->first != request->dev || (ret != -EAGAIN && ret != -EOPNOTSUPP))
			continue;
		group->ret = ret;
		group->err = *err;
	}
}

static int ask_groups(struct nl *nl, uint32_t queue, struct idle *idle, struct err *err)
{
	const size_t count = idle->groups.count;
	_cleanup_free_ struct stats_request *requests = calloc(count + 1, sizeof(*requests));
	struct dev_stats unused = { 0 };
	int ret;

	if (!requests)
		return err_memory(err);
	for (size_t i = 0; i < count; i++) {
		const struct idle_group *group = idle->groups.items[i];

		requests[i] = (struct stats_request){ group->first, &unused, queue };
	}
	ret = count ? kernel_stats(nl, requests, count, failed, idle, err) : 0;
	list_clear(&unused.queues);
	return ret;
}

int idle_find(struct nl *nl, const struct list *devs, const struct list *configs, uint32_t queue,
	      struct idle *idle, struct err *err)
{
	idle->of = calloc(devs->count + 1, sizeof(*idle->of));
	if (!idle->of)
		return err_memory(err);
	if (group_devs(devs, configs, idle))
		return err_memory(err);
	return ask_groups(nl, queue, idle, err);
}
