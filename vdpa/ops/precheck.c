/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refuses requests that the kernel would wait in without limit, or crash on. */
#include "precheck.h"

#include "abi/vdpa.h"
#include "bus/vdpa-bus.h"
#include "sys/holders.h"
#include "sys/sysfs.h"
#include "vdpa/kernel/bind.h"
#include "vdpa/model/model.h"

#include <errno.h>
#include <stdio.h>

#define VP_VDPA "/sys/bus/pci/drivers/vp-vdpa"

/* Finds the directory of the device's parent. Returns false if the device is gone. */
static bool find_parent(const char *dev, char target[SYSFS_PATH_SIZE])
{
	char path[VDPA_PATH_SIZE], *slash;

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s", dev);
	if (!sysfs_link(path, target))
		return false;
	slash = strrchr(target, '/');
	if (slash)
		*slash = '\0';
	return slash;
}

struct sibling {
	const char *dev;
	char parent[SYSFS_PATH_SIZE];
	char name[256]; /* of another device with that parent */
};

static int find_sibling(void *data, const char *name, const char *target)
{
	struct sibling *sibling = data;
	size_t length = strlen(sibling->parent);

	if (str_equal(name, sibling->dev) || strncmp(target, sibling->parent, length) ||
	    !str_equal(target + length + (target[length] == '/'), name))
		return 0;
	snprintf(sibling->name, sizeof(sibling->name), "%s", name);
	return 1;
}

static bool is_of_vp_vdpa(const char *parent)
{
	char path[SYSFS_PATH_SIZE + sizeof(VDPA_BUS "/devices//driver")], target[SYSFS_PATH_SIZE];

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%s/driver", parent);
	return sysfs_link(path, target) && str_equal(sysfs_base(target), "vp-vdpa");
}

static int check_siblings(const char *dev, struct err *err)
{
	struct sibling sibling;
	int ret;

	sibling.dev = dev;
	/* vp_vdpa is rarely loaded, and devices of the simulators have no parent. */
	if (!sysfs_exists(VP_VDPA) || !find_parent(dev, sibling.parent) ||
	    str_equal(sysfs_base(sibling.parent), "devices") || !is_of_vp_vdpa(sibling.parent))
		return 0;
	ret = sysfs_each_link(VDPA_BUS "/devices", "", find_sibling, &sibling);
	if (ret <= 0)
		return ret ? sysfs_failed(err, ret, VDPA_BUS "/devices") : 0;
	err_set(err, EBUSY,
		"its PCI function holds '%s' as well, and vp_vdpa would delete the wrong one or "
		"crash the kernel",
		sibling.name);
	err_hint(err, "only a reboot clears this");
	return -EBUSY;
}

int precheck_del(const char *dev, struct err *err)
{
	int ret = bus_check_unbind(dev, err);

	if (!ret)
		ret = check_siblings(dev, err);
	if (ret)
		err_context(err, "delete '%.300s'", dev);
	return ret;
}

/* Returns whether virtio_vdpa will bind the device: asked for, or chosen by the kernel. */
static bool virtio_takes(const char *driver)
{
	return driver ? str_equal(driver, VDPA_DRIVER_VIRTIO) : bus_gives_to_virtio();
}

static int check_served(const char *dev, struct err *err)
{
	struct holder holder;

	switch (bus_find_server(dev, &holder)) {
	case HOLDERS_FOUND:
		return 0;
	case HOLDERS_NONE:
		err_set(err, EBUSY,
			"no program serves its VDUSE device, and virtio_vdpa would wait for one");
		break;
	case HOLDERS_UNKNOWN:
		err_set(err, EBUSY,
			"it cannot be seen here whether a program serves its VDUSE device; without "
			"one virtio_vdpa would wait");
		break;
	}
	err_hint(err,
		 "start the program that serves /dev/vduse/%.255s first; -f does it anyway, "
		 "and waits",
		 dev);
	return -EBUSY;
}

int precheck_vduse(const char *dev, const char *driver, struct err *err)
{
	char path[VDPA_PATH_SIZE];

	/* Without a VDUSE device of that name, the kernel refuses the request itself. */
	snprintf(path, sizeof(path), "/sys/class/vduse/%.255s", dev);
	return virtio_takes(driver) && sysfs_exists(path) ? check_served(dev, err) : 0;
}

int precheck_bind(const char *dev, const char *driver, struct err *err)
{
	char current[BIND_DRIVER_SIZE];
	bool is_bound = bind_current(dev, current);
	int ret = 0;

	if (is_bound && str_equal(current, driver))
		return 0;
	ret = bus_check_unbind(dev, err);
	if (!ret && str_equal(driver, VDPA_DRIVER_VIRTIO) && bus_is_vduse(dev))
		ret = check_served(dev, err);
	return ret;
}
