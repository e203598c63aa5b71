/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists all devices or management devices, including those that a dump of the kernel skips. */
#include "kernel.h"

#include "abi/vdpa.h"
#include "base/index.h"
#include "base/list.h"
#include "explain.h"
#include "sys/sysfs.h"
#include "wire.h"

#include <errno.h>

#define DEVICES VDPA_BUS "/devices"

/*
 * The kernel remembers its place in a long dump by a plain count. If a device before that place is
 * deleted between two datagrams, the next one is skipped, and nothing in the answer shows it. The
 * kernel's uevent number tells us that something changed. Up to two datagrams are safe: the first
 * was filled under one lock, and the second only ends the dump.
 */
static bool may_lack_some(const struct nl *nl, uint64_t sequence)
{
	return nl->datagrams > 2 && sequence != sysfs_uevent_sequence();
}

/* Management devices */

/* Where management devices come and go all the time, no list is ever complete: give up. */
#define LIST_TRIES 10

int kernel_mgmtdevs(struct nl *nl, struct list *list, struct err *err)
{
	REQUEST(buffer);
	uint64_t sequence;
	int tries = LIST_TRIES, ret;

	do {
		list_clear(list);
		sequence = sysfs_uevent_sequence();
		ret = nl_dump(nl, nl_request(nl, buffer, VDPA_CMD_MGMTDEV_GET), wire_take_mgmtdev,
			      wire_restart, list, err);
		if (ret || !may_lack_some(nl, sequence))
			break;
		ret = err_set(err, EINTR, "the list changed each time it was read");
	} while (--tries);
	if (!ret && index_drop_duplicates(list, offsetof(struct mgmtdev, name)))
		ret = err_memory(err);
	return ret ? explain(err, "list management devices") : 0;
}

/* Devices */

/* Devices that are on the bus, but not in the kernel's dump. */
struct lacking {
	struct list *list;	/* the devices of the dump */
	struct list *unmanaged; /* gets the names of devices without management device, or NULL */
	struct list names;	/* of the devices to ask for */
	void **sorted;		/* the items of the list, by their names */
	size_t count;
	int ret; /* of the first request that failed */
	struct err *err;
};

static void lacking_release(struct lacking *lacking)
{
	list_clear(&lacking->names);
	free(lacking->sorted);
}

static int compare(const void *a, const void *b)
{
	return strcmp((*(struct dev *const *)a)->name, (*(struct dev *const *)b)->name);
}

static int compare_name(const void *name, const void *dev)
{
	return strcmp(name, (*(struct dev *const *)dev)->name);
}

static int add_name(struct list *names, const char *name)
{
	size_t size = strlen(name) + 1;
	char *copy = list_new(names, size);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, name, size);
	return 0;
}

static int take_name(void *data, const char *name)
{
	struct lacking *lacking = data;

	if (lacking->count &&
	    bsearch(name, lacking->sorted, lacking->count, sizeof(*lacking->sorted), compare_name))
		return 0;
	return add_name(&lacking->names, name);
}

/*
 * A device that was deleted since is not missing. For a device that no management device created,
 * the kernel answers with a bare EINVAL.
 */
static void done(void *data, size_t index, int ret, const struct err *err)
{
	struct lacking *lacking = data;

	if (ret == -EINVAL && lacking->unmanaged)
		ret = add_name(lacking->unmanaged, lacking->names.items[index]);
	if (!ret || ret == -ENODEV || ret == -EINVAL || lacking->ret)
		return;
	lacking->ret = ret;
	if (err)
		*lacking->err = *err;
	if (ret == -ENOMEM)
		err_memory(lacking->err);
}

/* Finds devices that the dump lacks, in the directory of the bus. */
static int find_lacking(struct lacking *lacking, struct err *err)
{
	const struct list *list = lacking->list;
	int ret;

	lacking->sorted = calloc(list->count + 1, sizeof(*lacking->sorted));
	if (!lacking->sorted)
		return err_memory(err);
	lacking->count = list->count;
	if (list->count)
		memcpy(lacking->sorted, list->items, list->count * sizeof(*list->items));
	qsort(lacking->sorted, lacking->count, sizeof(*lacking->sorted), compare);
	ret = sysfs_each(DEVICES, take_name, lacking);
	return ret ? sysfs_failed(err, ret, DEVICES) : 0;
}

static int count_name(void *data, const char *name _unused_)
{
	++*(size_t *)data;
	return 0;
}

/*
 * Returns 1 if the bus has more devices than the list, 0 if not, or a negative errno with @err
 * filled. Few hosts have unmanaged devices, so counting mostly saves the comparison of names.
 */
static int bus_has_more(const struct list *list, struct err *err)
{
	size_t count = 0;
	int ret = sysfs_each(DEVICES, count_name, &count);

	return ret ? sysfs_failed(err, ret, DEVICES) : count > list->count;
}

static int complete(struct nl *nl, struct list *list, struct list *unmanaged, struct err *err)
{
	_cleanup_(lacking_release) struct lacking lacking = { .list = list,
							      .unmanaged = unmanaged,
							      .err = err };
	const struct wire_each each = { .names = &lacking.names,
					.take = wire_take_dev,
					.taken = list,
					.done = done,
					.data = &lacking };
	int ret = find_lacking(&lacking, err);

	if (!ret)
		ret = wire_dev_each(nl, VDPA_CMD_DEV_GET, &each, err);
	return ret ? ret : lacking.ret;
}

int kernel_devs_all(struct nl *nl, struct list *list, struct list *unmanaged, struct err *err)
{
	const uint64_t sequence = sysfs_uevent_sequence();
	REQUEST(buffer);
	int ret;

	ret = nl_dump(nl, nl_request(nl, buffer, VDPA_CMD_DEV_GET), wire_take_dev, wire_restart,
		      list, err);
	if (!ret)
		ret = may_lack_some(nl, sequence) ? 1 : unmanaged ? bus_has_more(list, err) : 0;
	if (ret > 0)
		ret = complete(nl, list, unmanaged, err);
	if (!ret && index_drop_duplicates(list, offsetof(struct dev, name)))
		ret = err_memory(err);
	return ret ? explain(err, "list devices") : 0;
}

int kernel_devs(struct nl *nl, struct list *list, struct err *err)
{
	return kernel_devs_all(nl, list, NULL, err);
}
