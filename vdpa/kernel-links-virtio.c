/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ethtool.h"
#include "kernel-links-walk.h"
#include "sysfs.h"

#include <errno.h>

/* The device with this parent that virtio_vdpa has, where it is the only one. */
static struct dev *only_child(const struct walk *walk, const char *parent)
{
	struct dev *only = NULL;

	for (size_t i = 0; i < walk->list->count; i++) {
		const struct place *place = &walk->places[i];

		if (!place->parent || !str_equal(place->parent, parent) ||
		    !place->dev->links.driver ||
		    !str_equal(place->dev->links.driver, "virtio_vdpa"))
			continue;
		if (only)
			return NULL;
		only = place->dev;
	}
	return only;
}

/*
 * The virtio device is a child of the device that does the DMA: of the vDPA device itself, or of
 * its parent, and then which of the parent's it belongs to is to be found out. Others, of a
 * machine's own, are no device's.
 */
static int take_virtio(void *data, const char *name, const char *target)
{
	char copy[SYSFS_PATH_SIZE], *path;
	struct walk *walk = data;
	struct virtio *virtio;
	struct dev *dev;
	int ret;

	path = walk_path(strcpy(copy, target));
	if (!path)
		return 0;
	walk_cut(path);
	ret = walk_dev(walk, path, &dev);
	if (ret)
		return ret;
	virtio = list_new(&walk->virtio, sizeof(*virtio));
	if (!virtio)
		return -ENOMEM;
	*virtio = (struct virtio){ .name = list_text(&walk->strings, name),
				   .parent = list_text(&walk->strings, path),
				   .dev = dev };
	return virtio->name && virtio->parent ? 0 : -ENOMEM;
}

/* virtio's network driver names the vDPA device, of which that is the first 31 bytes. */
static struct dev *ask_netdev(const struct walk *walk, const struct virtio *virtio,
			      const char *netdev)
{
	char bus[ETHTOOL_BUS_SIZE] = "";

	for (size_t i = 0; i < walk->list->count; i++) {
		const struct place *place = &walk->places[i];

		if (!place->parent || !str_equal(place->parent, virtio->parent))
			continue;
		if (!*bus && !ethtool_bus(netdev, bus))
			return NULL;
		if (!strncmp(place->dev->name, bus, sizeof(bus) - 1))
			return place->dev;
	}
	return NULL;
}

static int compare_virtio(const void *a, const void *b)
{
	return strcmp((*(struct virtio *const *)a)->name, (*(struct virtio *const *)b)->name);
}

static int compare_virtio_name(const void *name, const void *virtio)
{
	return strcmp(name, (*(struct virtio *const *)virtio)->name);
}

/* The virtio device that @path of an interface or a disk, .../virtioN/CLASS/NAME, lies below. */
static struct virtio *virtio_of(const struct walk *walk, const char *target)
{
	char copy[SYSFS_PATH_SIZE], *path = walk_path(strcpy(copy, target));
	struct virtio **found;

	for (int i = 0; path && i < 2; i++)
		path = *walk_cut(path) && strchr(path, '/') ? path : NULL;
	found = path ? bsearch(sysfs_base(path), walk->virtio.items, walk->virtio.count,
			       sizeof(*walk->virtio.items), compare_virtio_name)
		     : NULL;
	return found ? *found : NULL;
}

static int take_netdev(void *data, const char *name, const char *target)
{
	struct walk *walk = data;
	struct virtio *virtio = virtio_of(walk, target);

	if (virtio && !virtio->dev)
		virtio->dev = ask_netdev(walk, virtio, name);
	if (!virtio || !virtio->dev)
		return 0;
	return walk_set(walk, virtio->dev, &virtio->dev->links.netdev, DEV_HAS_NETDEV, name);
}

static int take_disk(void *data, const char *name, const char *target)
{
	struct walk *walk = data;
	struct virtio *virtio = virtio_of(walk, target);

	if (!virtio || !virtio->dev)
		return 0;
	return walk_set(walk, virtio->dev, &virtio->dev->links.disk, DEV_HAS_DISK, name);
}

static int name_virtio(struct walk *walk)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < walk->virtio.count; i++) {
		struct virtio *virtio = walk->virtio.items[i];

		if (!virtio->dev)
			virtio->dev = only_child(walk, virtio->parent);
		if (virtio->dev)
			ret = walk_set(walk, virtio->dev, &virtio->dev->links.virtio,
				       DEV_HAS_VIRTIO, virtio->name);
	}
	return ret;
}

int walk_virtio(struct walk *walk)
{
	int ret;

	if (!walk_bound(walk, "virtio_vdpa"))
		return 0;
	ret = sysfs_each_link("/sys/bus/virtio/devices", "virtio", take_virtio, walk);
	if (!ret && walk->virtio.count)
		qsort(walk->virtio.items, walk->virtio.count, sizeof(*walk->virtio.items),
		      compare_virtio);
	return ret;
}

int walk_on_virtio(struct walk *walk)
{
	int ret;

	if (!walk->virtio.count)
		return 0;
	/* Interfaces first: what they tell of virtio devices, disks cannot. */
	ret = sysfs_each_link("/sys/class/net", "", take_netdev, walk);
	if (!ret)
		ret = name_virtio(walk);
	return ret ? ret : sysfs_each_link("/sys/block", "", take_disk, walk);
}
