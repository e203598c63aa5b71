/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the details of management devices: driver, parent, and the devices that they created. */
#include "abi/vdpa.h"
#include "kernel.h"

#include "base/list.h"
#include "driver-limits.h"
#include "sys/sysfs.h"
#include "topology-walk.h"

#include <errno.h>
#include <stdio.h>

/* Writes the path of a management device; one without a bus is a direct child of /sys/devices. */
static void put_directory(const char *name, char path[VDPA_PATH_SIZE])
{
	const char *slash = strchr(name, '/');

	if (slash)
		snprintf(path, VDPA_PATH_SIZE, "/sys/bus/%.*s/devices/%.255s", (int)(slash - name),
			 name, slash + 1);
	else
		snprintf(path, VDPA_PATH_SIZE, "/sys/devices/%.255s", name);
}

static int set_text(struct list *list, struct mgmtdev *mgmtdev, const char **member,
		    unsigned int present, const char *text)
{
	*member = list_text(list, text);
	if (!*member)
		return -ENOMEM;
	mgmtdev->present |= BIT64(present);
	return 0;
}

/* A management device without a bus has no driver; newer kernels link to its module instead. */
static int read_driver(struct list *list, struct mgmtdev *mgmtdev, const char *directory)
{
	const char *link = strchr(mgmtdev->name, '/') ? "driver" : "module";
	char path[VDPA_PATH_SIZE + 16], target[SYSFS_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", directory, link);
	if (!sysfs_link(path, target))
		return 0;
	return set_text(list, mgmtdev, &mgmtdev->driver, MGMTDEV_HAS_DRIVER, sysfs_base(target));
}

/* The parent of a virtual function is its card: in sysfs, the two are siblings on the bus. */
static bool find_function(const char *directory, char text[VDPA_PATH_SIZE])
{
	char path[VDPA_PATH_SIZE + 16], target[SYSFS_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/physfn", directory);
	if (!sysfs_link(path, target))
		return false;
	snprintf(text, VDPA_PATH_SIZE, "pci/%.255s", sysfs_base(target));
	return true;
}

static int read_parent(struct list *list, struct mgmtdev *mgmtdev, const char *directory)
{
	char target[SYSFS_PATH_SIZE], text[VDPA_PATH_SIZE] = "", *path;

	if (!find_function(directory, text)) {
		path = sysfs_link(directory, target) ? walk_path(target) : NULL;
		if (path) {
			walk_cut(path);
			walk_name(path, text, sizeof(text));
		}
	}
	return *text ? set_text(list, mgmtdev, &mgmtdev->parent, MGMTDEV_HAS_PARENT, text) : 0;
}

static int take_dev(struct mgmtdev *mgmtdev, const char *name)
{
	size_t size = strlen(name) + 1;
	char *copy = list_new(&mgmtdev->devices, size);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, name, size);
	return 0;
}

static int take_devs(const struct list *list, const struct list *devs)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < devs->count; i++) {
		const struct dev *dev = devs->items[i];
		struct mgmtdev *mgmtdev =
			list_find(list, offsetof(struct mgmtdev, name), dev->mgmtdev, NULL);

		if (mgmtdev)
			ret = take_dev(mgmtdev, dev->name);
	}
	return ret;
}

static void count_room(struct mgmtdev *mgmtdev)
{
	uint32_t limit = driver_limits_devices(mgmtdev->name);

	mgmtdev->present |= BIT64(MGMTDEV_HAS_DEVICES);
	if (!limit)
		return;
	mgmtdev->room = mgmtdev->devices.count < limit ? limit - mgmtdev->devices.count : 0;
	mgmtdev->present |= BIT64(MGMTDEV_HAS_ROOM);
}

int kernel_mgmtdev_details(struct nl *nl, struct list *list, struct err *err)
{
	_cleanup_(list_clear) struct list devs = { 0 };
	int ret = kernel_devs(nl, &devs, err);

	if (ret)
		return ret;
	if (sysfs_check(err)) {
		err_context(err, "read details of management devices");
		return -ENOENT;
	}
	ret = take_devs(list, &devs);
	for (size_t i = 0; !ret && i < list->count; i++) {
		struct mgmtdev *mgmtdev = list->items[i];
		char directory[VDPA_PATH_SIZE];

		put_directory(mgmtdev->name, directory);
		ret = read_driver(list, mgmtdev, directory);
		if (!ret)
			ret = read_parent(list, mgmtdev, directory);
		count_room(mgmtdev);
	}
	return ret ? err_memory(err) : 0;
}

void kernel_mgmtdevs_release(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		list_clear(&((struct mgmtdev *)list->items[i])->devices);
	list_clear(list);
}
