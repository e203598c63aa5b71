/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the processes that have the nodes of devices open. */
#include "base/list.h"
#include "kernel.h"
#include "sys/guard.h"
#include "sys/holders.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Adds those of @held that have the node @device open to the holders of @dev. */
static int add_holders(struct list *devs, struct dev *dev, dev_t device, const struct list *held)
{
	for (size_t i = 0; i < held->count; i++) {
		const struct holder *holder = held->items[i];
		struct holder_row *row;
		bool listed = false;

		for (size_t j = 0; j < dev->holders.count; j++)
			listed |= ((const struct holder_row *)dev->holders.items[j])->pid ==
				  (uint32_t)holder->pid;
		if (holder->device != device || listed)
			continue;
		row = list_new(&dev->holders, sizeof(*row));
		if (!row)
			return -ENOMEM;
		row->pid = holder->pid;
		row->command = list_text(devs, holder->command);
		if (!row->command)
			return -ENOMEM;
		dev->present |= BIT64(DEV_HAS_HOLDERS);
	}
	return 0;
}

/*
 * Reading all processes is slow, so it is done once for each major number: the nodes of all groups
 * share one, and those of all cdevs another.
 */
struct held {
	bool is_read;
	unsigned int major_number;
	struct list holders;
	bool complete; /* all processes could be seen, so no holder is missing */
};

static int fill_holders(struct list *devs, struct dev *dev, const char *path, struct held *held)
{
	struct stat status;

	if (!path || stat(path, &status) || !S_ISCHR(status.st_mode))
		return 0;
	if (!held->is_read || held->major_number != major(status.st_rdev)) {
		list_clear(&held->holders);
		held->is_read = true;
		held->major_number = major(status.st_rdev);
		if (holders_collect(held->major_number, &held->holders, &held->complete))
			return -ENOMEM;
	}
	dev->state = held->complete ? DEV_FREE : DEV_UNKNOWN;
	return add_holders(devs, dev, status.st_rdev, &held->holders);
}

/*
 * The kernel does not report who has a device open. But a process that does has a link to a node
 * among its open files, either to that of the device or to that of its group.
 */
int kernel_holders(struct list *devs)
{
	struct held groups = { 0 }, cdevs = { 0 };
	int ret = 0;

	for (size_t i = 0; !ret && i < devs->count; i++) {
		struct dev *dev = devs->items[i];

		ret = fill_holders(devs, dev, dev->group_node, &groups);
		if (!ret)
			ret = fill_holders(devs, dev, dev->cdev, &cdevs);
		if (dev->holders.count)
			dev->state = DEV_HELD;
	}
	list_clear(&groups.holders);
	list_clear(&cdevs.holders);
	return ret;
}

const struct holder_row *kernel_find_holder(const struct list *devs, const struct dev *dev,
					    const struct dev **held)
{
	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *other = devs->items[i];
		const bool grouped = other->present & dev->present & BIT64(DEV_HAS_GROUP);

		if (!str_equal(other->name, dev->name) &&
		    !(grouped && other->iommu_group == dev->iommu_group))
			continue;
		for (size_t j = 0; j < other->holders.count; j++) {
			const struct holder_row *row = other->holders.items[j];

			*held = other;
			if (!guard_is_self((pid_t)row->pid))
				return row;
		}
	}
	return NULL;
}
