/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds drivers, nodes, interfaces and parents of devices, by sysfs. */
#include "topology.h"

#include "abi/vdpa.h"
#include "base/list.h"
#include "sys/guard.h"
#include "sys/holders.h"
#include "sys/sysfs.h"
#include "topology-walk.h"

#include <errno.h>
#include <stdio.h>
#include <sys/sysmacros.h>

#define VIRTUAL "/devices/virtual/"

static int compare_places(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->dev->name, ((const struct place *)b)->dev->name);
}

static int compare_name(const void *name, const void *place)
{
	return strcmp(name, ((const struct place *)place)->dev->name);
}

static struct place *find_place(const struct walk *walk, const char *name)
{
	return bsearch(name, walk->places, walk->list->count, sizeof(*walk->places), compare_name);
}

static void walk_release(struct walk *walk)
{
	list_clear(&walk->strings);
	list_clear(&walk->nodes);
	list_clear(&walk->virtio);
	free(walk->places);
}

static int walk_begin(struct walk *walk, struct list *list, struct err *err)
{
	*walk = (struct walk){ .list = list };
	if (sysfs_check(err)) {
		err_context(err, "read details of devices");
		return -ENOENT;
	}
	walk->places = calloc(list->count + 1, sizeof(*walk->places));
	if (!walk->places)
		return err_memory(err);
	for (size_t i = 0; i < list->count; i++)
		walk->places[i].dev = list->items[i];
	qsort(walk->places, list->count, sizeof(*walk->places), compare_places);
	return 0;
}

int walk_set(struct walk *walk, struct dev *dev, const char **member, unsigned int present,
	     const char *text)
{
	*member = list_text(walk->list, text);
	if (!*member)
		return -ENOMEM;
	dev->present |= BIT64(present);
	return 0;
}

/* Drivers */

static int take_bound(void *data, const char *name)
{
	struct walk *walk = data;
	struct place *place = str_equal(name, "module") ? NULL : find_place(walk, name);

	if (place) {
		place->dev->topology.driver = walk->driver;
		place->dev->present |= BIT64(DEV_HAS_DRIVER);
	}
	return 0;
}

static int read_driver(void *data, const char *name)
{
	struct walk *walk = data;
	char path[VDPA_PATH_SIZE];

	walk->driver = list_text(walk->list, name);
	snprintf(path, sizeof(path), VDPA_BUS "/drivers/%.255s", name);
	return walk->driver ? sysfs_each(path, take_bound, walk) : -ENOMEM;
}

static int read_drivers(struct walk *walk)
{
	return sysfs_each(VDPA_BUS "/drivers", read_driver, walk);
}

const struct dev *walk_bound(const struct walk *walk, const char *driver)
{
	for (size_t i = 0; i < walk->list->count; i++) {
		const struct dev *dev = walk->list->items[i];

		if (dev->topology.driver && str_equal(dev->topology.driver, driver))
			return dev;
	}
	return NULL;
}

/* Paths */

char *walk_path(char *target)
{
	return strstr(target, "/devices/");
}

const char *walk_cut(char *path)
{
	char *slash = strrchr(path, '/');

	*slash = '\0';
	return slash + 1;
}

void walk_name(const char *path, char *text, size_t size)
{
	char link[VDPA_PATH_SIZE], target[SYSFS_PATH_SIZE];

	*text = '\0';
	if (str_starts(path, VIRTUAL)) {
		snprintf(text, size, "%s", path + strlen(VIRTUAL));
		return;
	}
	snprintf(link, sizeof(link), "/sys%.400s/subsystem", path);
	if (sysfs_link(link, target))
		snprintf(text, size, "%.64s/%.255s", sysfs_base(target), sysfs_base(path));
}

static int read_parent(struct walk *walk, struct place *place, char *path)
{
	char text[VDPA_PATH_SIZE];

	walk_cut(path);
	/* Devices of the simulators lie directly below /sys/devices and have no parent. */
	if (str_equal(path, "/devices"))
		return 0;
	place->parent = list_text(&walk->strings, path);
	if (!place->parent)
		return -ENOMEM;
	walk_name(path, text, sizeof(text));
	return *text ? walk_set(walk, place->dev, &place->dev->topology.parent, DEV_HAS_PARENT,
				text)
		     : 0;
}

static int set_place(struct walk *walk, struct place *place, char *path)
{
	place->path = list_text(&walk->strings, path);
	return place->path ? read_parent(walk, place, path) : -ENOMEM;
}

static int read_place(struct walk *walk, struct place *place)
{
	char link[VDPA_PATH_SIZE], target[SYSFS_PATH_SIZE], *path;

	snprintf(link, sizeof(link), VDPA_BUS "/devices/%.255s", place->dev->name);
	path = sysfs_link(link, target) ? walk_path(target) : NULL;
	/* Without a link, the device was deleted after it was listed. */
	return path ? set_place(walk, place, path) : 0;
}

/*
 * Returns whether @path, which ends in the name of a vDPA device, can only be that device: true for
 * devices of the simulators and of VDUSE. Elsewhere, something else may have the same name.
 */
static bool is_sure(const char *path, const char *name)
{
	size_t length = strlen(path) - strlen(name);

	return length == strlen("/devices/") || str_starts(path, VIRTUAL "vduse/");
}

int walk_dev(struct walk *walk, const char *path, struct dev **dev)
{
	struct place *place = find_place(walk, sysfs_base(path));
	char copy[SYSFS_PATH_SIZE];
	int ret = 0;

	*dev = NULL;
	if (!place)
		return 0;
	if (!place->path && is_sure(path, place->dev->name))
		ret = set_place(walk, place, strcpy(copy, path));
	else if (!place->path)
		ret = read_place(walk, place);
	if (!ret && place->path && str_equal(place->path, path))
		*dev = place->dev;
	return ret;
}

static int read_override(struct walk *walk, struct dev *dev)
{
	char path[VDPA_PATH_SIZE], text[VDPA_PATH_SIZE];
	int ret;

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/driver_override", dev->name);
	ret = sysfs_read(path, text, sizeof(text));
	if (ret <= 0 || str_equal(text, "(null)"))
		return ret < 0 ? ret : 0;
	return walk_set(walk, dev, &dev->topology.driver_override, DEV_HAS_DRIVER_OVERRIDE, text);
}

/* Reads the places that no node and no virtio device has led us to. */
static int read_places(struct walk *walk)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < walk->list->count; i++)
		if (!walk->places[i].path)
			ret = read_place(walk, &walk->places[i]);
	return ret;
}

static int read_overrides(struct walk *walk)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < walk->list->count; i++)
		ret = read_override(walk, walk->list->items[i]);
	return ret;
}

/* vhost_vdpa */

/*
 * The kernel gives the node's device neither a class nor a bus, so no other directory of /sys lists
 * it. The link here is called "MAJOR:MINOR" and points to .../DEV/vhost-vdpa-N. The number N is the
 * lowest that was free, and has nothing to do with the name of the device.
 */
static int take_chardev(void *data, const char *name, const char *target)
{
	char copy[SYSFS_PATH_SIZE], text[VDPA_PATH_SIZE], *path;
	unsigned int major_number, minor_number;
	struct walk *walk = data;
	struct node *node;
	struct dev *dev;
	int ret;

	path = walk_path(strcpy(copy, target));
	if (!path || sscanf(name, "%u:%u", &major_number, &minor_number) != 2)
		return 0;
	snprintf(text, sizeof(text), "/dev/%.255s", walk_cut(path));
	ret = walk_dev(walk, path, &dev);
	if (ret || !dev)
		return ret;
	node = list_new(&walk->nodes, sizeof(*node));
	if (!node)
		return -ENOMEM;
	*node = (struct node){ .number = makedev(major_number, minor_number), .dev = dev };
	return walk_set(walk, dev, &dev->topology.chardev, DEV_HAS_CHARDEV, text);
}

/*
 * Finds the major number of all nodes by looking at the node of one device: the kernel picks any
 * number that is free. Returns 1, 0 if the device has lost its node, or a negative errno.
 */
static int find_major(const struct dev *dev, unsigned int *number)
{
	char path[VDPA_PATH_SIZE], name[64], text[32];
	int ret;

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/", dev->name);
	ret = sysfs_find(path, "vhost-vdpa-", name, sizeof(name));
	if (ret <= 0)
		return ret;
	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/%.63s/dev", dev->name, name);
	ret = sysfs_read(path, text, sizeof(text));
	return ret > 0 ? sscanf(text, "%u:", number) == 1 : ret;
}

static int add_holding(struct walk *walk, struct dev *dev, const struct holder *holder)
{
	struct holder_row *row = list_new(&dev->topology.holders, sizeof(*row));

	if (!row)
		return -ENOMEM;
	*row = (struct holder_row){ .pid = (uint32_t)holder->pid,
				    .command = list_text(walk->list, holder->command) };
	dev->present |= BIT64(DEV_HAS_HOLDERS);
	return row->command ? 0 : -ENOMEM;
}

static int read_holders(struct walk *walk, unsigned int number)
{
	_cleanup_(list_clear) struct list holders = { 0 };
	unsigned int opened;
	bool complete;
	int ret;

	/* A look at all processes is slow, and rarely needed: the driver's use count is 0. */
	if (holders_count_open(VDPA_DRIVER_VHOST, &opened) && !opened)
		return 0;
	ret = holders_collect(number, &holders, &complete);
	for (size_t i = 0; !ret && i < holders.count; i++) {
		const struct holder *holder = holders.items[i];

		/* Ignore descriptors that we inherited ourselves. */
		if (guard_is_self(holder->pid))
			continue;
		for (size_t j = 0; !ret && j < walk->nodes.count; j++) {
			const struct node *node = walk->nodes.items[j];

			if (node->number == holder->device)
				ret = add_holding(walk, node->dev, holder);
		}
	}
	return ret;
}

static int read_chardevs(struct walk *walk, bool holders)
{
	const struct dev *dev = walk_bound(walk, VDPA_DRIVER_VHOST);
	unsigned int number;
	char prefix[32];
	int ret = dev ? find_major(dev, &number) : 0;

	if (ret <= 0)
		return ret;
	snprintf(prefix, sizeof(prefix), "%u:", number);
	ret = sysfs_each_link("/sys/dev/char", prefix, take_chardev, walk);
	return ret || !holders ? ret : read_holders(walk, number);
}

/* Everything together */

static int read_endpoints(struct walk *walk)
{
	int ret = walk_virtio(walk);

	if (!ret)
		ret = read_places(walk);
	return ret ? ret : walk_on_virtio(walk);
}

int topology_read(struct list *list, enum topology_depth depth, struct err *err)
{
	_cleanup_(walk_release) struct walk walk;
	int ret = walk_begin(&walk, list, err);

	if (ret)
		return ret;
	/* Start with directories that lead to many devices at once, which saves calls for each. */
	ret = read_drivers(&walk);
	if (!ret && depth >= TOPOLOGY_NODES)
		ret = read_chardevs(&walk, depth >= TOPOLOGY_ALL);
	if (!ret && depth >= TOPOLOGY_ENDPOINTS)
		ret = read_endpoints(&walk);
	if (!ret && depth >= TOPOLOGY_ALL)
		ret = read_overrides(&walk);
	return ret ? sysfs_failed(err, ret, "/sys") : 0;
}

void topology_release(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		list_clear(&((struct dev *)list->items[i])->topology.holders);
	list_clear(list);
}

static int take_name(void *data, const char *name)
{
	struct list *list = data;
	struct dev *dev = list_new(list, sizeof(*dev));

	if (!dev)
		return -ENOMEM;
	*dev = (struct dev){ .name = list_text(list, name), .present = BIT64(HAS_ALWAYS) };
	return dev->name ? 0 : -ENOMEM;
}

int topology_list(struct list *list, struct err *err)
{
	int ret = sysfs_each(VDPA_BUS "/devices", take_name, list);

	return ret ? sysfs_failed(err, ret, VDPA_BUS "/devices") : 0;
}
