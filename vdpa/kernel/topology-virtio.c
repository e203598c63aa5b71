/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the virtio device, interface and disk of each device that is bound to virtio_vdpa. */
#include "abi/vdpa.h"
#include "base/list.h"
#include "sys/ethtool.h"
#include "sys/netns.h"
#include "sys/sysfs.h"
#include "sys/worker.h"
#include "topology-walk.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>

/* The search through the network namespaces of a host may take this long. */
#define SEARCH_SECONDS 5

/* Returns the device of this parent that is bound to virtio_vdpa; NULL if there are several. */
static struct dev *only_child(const struct walk *walk, const char *parent)
{
	struct dev *only = NULL;

	for (size_t i = 0; i < walk->list->count; i++) {
		const struct place *place = &walk->places[i];

		if (!place->parent || !str_equal(place->parent, parent) ||
		    !place->dev->topology.driver ||
		    !str_equal(place->dev->topology.driver, VDPA_DRIVER_VIRTIO))
			continue;
		if (only)
			return NULL;
		only = place->dev;
	}
	return only;
}

/*
 * The virtio device is a child of the device that does the DMA. For simulators and VDUSE, that is
 * the vDPA device itself. For cards it is the PCI function, and then nothing in sysfs says which of
 * the function's vDPA devices it belongs to: @dev stays NULL until its interface tells us. A guest
 * also has virtio devices of its own, which belong to no vDPA device.
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

/* virtio_net reports the name of its vDPA device through ethtool, cut after 31 bytes. */
static bool is_called(const struct dev *dev, const char bus[ETHTOOL_BUS_SIZE])
{
	return !strncmp(dev->name, bus, ETHTOOL_BUS_SIZE - 1);
}

/* Returns the device of this name that the virtio device may belong to, or NULL. */
static struct dev *find_called(const struct walk *walk, const struct virtio *virtio,
			       const char bus[ETHTOOL_BUS_SIZE])
{
	if (virtio->dev)
		return is_called(virtio->dev, bus) ? virtio->dev : NULL;
	for (size_t i = 0; i < walk->list->count; i++) {
		const struct place *place = &walk->places[i];

		if (place->parent && str_equal(place->parent, virtio->parent) &&
		    is_called(place->dev, bus))
			return place->dev;
	}
	return NULL;
}

/* Returns whether the virtio device may belong to one of our devices: others are not asked. */
static bool may_be_ours(const struct walk *walk, const struct virtio *virtio)
{
	for (size_t i = 0; !virtio->dev && i < walk->list->count; i++)
		if (walk->places[i].parent && str_equal(walk->places[i].parent, virtio->parent))
			return true;
	return virtio->dev;
}

static struct dev *ask_netdev(const struct walk *walk, const struct virtio *virtio,
			      const char *netdev)
{
	char bus[ETHTOOL_BUS_SIZE];

	if (!may_be_ours(walk, virtio) || !ethtool_bus(netdev, bus))
		return NULL;
	return find_called(walk, virtio, bus);
}

static int compare_virtio(const void *a, const void *b)
{
	return strcmp((*(struct virtio *const *)a)->name, (*(struct virtio *const *)b)->name);
}

static int compare_virtio_name(const void *name, const void *virtio)
{
	return strcmp(name, (*(struct virtio *const *)virtio)->name);
}

/* Returns the virtio device of an interface or disk, whose path is .../virtioN/CLASS/NAME. */
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
	virtio->is_seen = true;
	return walk_set(walk, virtio->dev, &virtio->dev->topology.netdev, DEV_HAS_NETDEV, name);
}

/* Interfaces in other network namespaces, which sysfs does not show */

/*
 * An interface that moves to another network namespace stays below its virtio device in sysfs, but
 * the directory "net" looks empty from all other namespaces. So a "net" without a visible interface
 * means that the interface is elsewhere.
 */
static bool is_elsewhere(const struct walk *walk, const struct virtio *virtio)
{
	char path[2 * VDPA_PATH_SIZE];

	if (virtio->is_seen || !may_be_ours(walk, virtio))
		return false;
	snprintf(path, sizeof(path), "/sys%.800s/%.64s/net", virtio->parent, virtio->name);
	return sysfs_exists(path);
}

struct found {
	struct virtio *virtio;
	struct dev *dev; /* NULL until its interface is found */
	char netdev[IF_NAMESIZE];
	char netns[NETNS_NAME_SIZE];
};

struct search {
	const struct walk *walk;
	struct found *found; /* in memory that is shared with the child process */
	size_t count;
};

static void look_for(const struct search *search, const char *netdev, const char *netns)
{
	char bus[ETHTOOL_BUS_SIZE];

	if (!ethtool_bus(netdev, bus))
		return;
	for (size_t i = 0; i < search->count; i++) {
		struct found *found = &search->found[i];
		struct dev *dev = found->dev ? NULL : find_called(search->walk, found->virtio, bus);

		if (!dev)
			continue;
		snprintf(found->netdev, sizeof(found->netdev), "%s", netdev);
		snprintf(found->netns, sizeof(found->netns), "%s", netns);
		found->dev = dev;
		return;
	}
}

static void visit(void *data, const char *netns)
{
	struct if_nameindex *interfaces = if_nameindex();

	for (size_t i = 0; interfaces && interfaces[i].if_index; i++)
		look_for(data, interfaces[i].if_name, netns);
	if (interfaces)
		if_freenameindex(interfaces);
}

/* Runs in a child process, which may enter namespaces without having to return from them. */
static int search_namespaces(void *data, struct err *err _unused_)
{
	netns_each(visit, data);
	return 0;
}

/* Errors are ignored, and the names stay unknown: only CAP_SYS_ADMIN may enter a namespace. */
static void find_elsewhere(struct search *search)
{
	struct worker worker = WORKER_INIT;
	struct err ignored;

	if (!worker_start(&worker, search_namespaces, search, &ignored))
		worker_wait(&worker, SEARCH_SECONDS, &ignored);
	worker_release(&worker);
}

static int set_found(struct walk *walk, struct found *found)
{
	struct dev *dev = found->dev;
	int ret;

	if (!dev)
		return 0;
	found->virtio->dev = dev;
	ret = walk_set(walk, dev, &dev->topology.netdev, DEV_HAS_NETDEV, found->netdev);
	return ret ? ret : walk_set(walk, dev, &dev->topology.netns, DEV_HAS_NETNS, found->netns);
}

static int take_elsewhere(struct walk *walk)
{
	struct search search = { .walk = walk };
	size_t size = walk->virtio.count * sizeof(*search.found);
	int ret = 0;

	for (size_t i = 0; i < walk->virtio.count; i++) {
		struct virtio *virtio = walk->virtio.items[i];

		virtio->is_elsewhere = is_elsewhere(walk, virtio);
		if (virtio->is_elsewhere && !search.found)
			search.found = worker_memory(size);
		if (virtio->is_elsewhere && search.found)
			search.found[search.count++].virtio = virtio;
	}
	if (search.count)
		find_elsewhere(&search);
	for (size_t i = 0; !ret && i < search.count; i++)
		ret = set_found(walk, &search.found[i]);
	worker_memory_free(search.found, size);
	return ret;
}

static int take_disk(void *data, const char *name, const char *target)
{
	struct walk *walk = data;
	struct virtio *virtio = virtio_of(walk, target);

	if (!virtio || !virtio->dev)
		return 0;
	return walk_set(walk, virtio->dev, &virtio->dev->topology.disk, DEV_HAS_DISK, name);
}

static int name_virtio(struct walk *walk)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < walk->virtio.count; i++) {
		struct virtio *virtio = walk->virtio.items[i];

		if (!virtio->dev)
			virtio->dev = only_child(walk, virtio->parent);
		if (virtio->dev)
			ret = walk_set(walk, virtio->dev, &virtio->dev->topology.virtio,
				       DEV_HAS_VIRTIO, virtio->name);
		if (!ret && virtio->dev && virtio->is_elsewhere && !virtio->dev->topology.netns)
			ret = walk_set(walk, virtio->dev, &virtio->dev->topology.netns,
				       DEV_HAS_NETNS, TOPOLOGY_NETNS_UNKNOWN);
	}
	return ret;
}

int walk_virtio(struct walk *walk)
{
	int ret;

	if (!walk_bound(walk, VDPA_DRIVER_VIRTIO))
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
	/* Interfaces first: only they can tell which vDPA device a virtio device belongs to. */
	ret = sysfs_each_link("/sys/class/net", "", take_netdev, walk);
	if (!ret)
		ret = take_elsewhere(walk);
	if (!ret)
		ret = name_virtio(walk);
	return ret ? ret : sysfs_each_link("/sys/block", "", take_disk, walk);
}
