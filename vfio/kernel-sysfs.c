/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds devices, their virtual functions and their groups in sysfs, without opening a node. */
#include "abi/vfio.h"
#include "base/list.h"
#include "base/pci.h"
#include "explain.h"
#include "kernel.h"
#include "sys/sysfs.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

#define GROUPS "/sys/kernel/iommu_groups"

/* Reading */

/* Returns the last part of the device's link @attribute, in the list's memory, or NULL. */
static const char *link_base(struct list *devs, const struct dev *dev, const char *attribute)
{
	char path[SYSFS_PATH_SIZE + 32], target[SYSFS_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", dev->path, attribute);
	return sysfs_link(path, target) ? list_text(devs, sysfs_base(target)) : NULL;
}

static void set_text(struct dev *dev, const char **field, const char *text, unsigned int present)
{
	*field = text;
	if (text)
		dev->present |= BIT64(present);
}

/* Returns the path of the node, in the list's memory, or NULL if there is none. */
static const char *node(struct list *devs, const char *directory, const char *prefix,
			const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s%.200s", directory, prefix, name);
	return sysfs_exists(path) ? list_text(devs, path) : NULL;
}

/* In no-IOMMU mode the node of a group has a prefix, so that nobody takes it for a safe one. */
static void fill_group(struct list *devs, struct dev *dev)
{
	const char *group = link_base(devs, dev, "iommu_group");
	const char *path;
	uint64_t number;

	if (!group || num_parse(group, 0, UINT32_MAX, &number))
		return;
	dev->iommu_group = number;
	dev->present |= BIT64(DEV_HAS_GROUP);
	path = node(devs, VFIO_NODES, "", group);
	set_text(dev, &dev->group_node, path ? path : node(devs, VFIO_NODES, VFIO_NOIOMMU, group),
		 DEV_HAS_GROUP_NODE);
}

/* @vfio: the name that VFIO has for the device, or NULL if VFIO does not serve it. */
static int add_dev(struct list *devs, const char *path, const char *vfio)
{
	struct dev *dev = list_new(devs, sizeof(*dev));

	if (!dev)
		return -ENOMEM;
	*dev = (struct dev){ .present = BIT64(HAS_ALWAYS),
			     .path = list_text(devs, path),
			     .vfio = vfio ? list_text(devs, vfio) : NULL };
	if (!dev->path || (vfio && !dev->vfio))
		return -ENOMEM;
	dev->name = sysfs_base(dev->path);
	set_text(dev, &dev->driver, link_base(devs, dev, "driver"), DEV_HAS_DRIVER);
	set_text(dev, &dev->physfn, link_base(devs, dev, "physfn"), DEV_HAS_PHYSFN);
	if (!vfio)
		return 0;
	/* Linux 6.1 has this name in sysfs, but no node for it. */
	set_text(dev, &dev->cdev, node(devs, VFIO_CDEVS, "", vfio), DEV_HAS_CDEV);
	fill_group(devs, dev);
	return 0;
}

/*
 * @target: of a link in VFIO's class, such as ../../devices/.../0000:01:00.0/vfio-dev/vfio0: the
 * device's own directory is two levels up.
 */
static int add_link(void *devs, const char *name, const char *target)
{
	char path[SYSFS_PATH_SIZE];
	char *end;

	if (name[0] == '.')
		return 0;
	while (str_starts(target, "../"))
		target += strlen("../");
	snprintf(path, sizeof(path), "/sys/%.4000s", target);
	for (int i = 0; i < 2; i++) {
		end = strrchr(path, '/');
		if (!end || end == path)
			return 0;
		*end = '\0';
	}
	return add_dev(devs, path, name);
}

static int by_name(const void *a, const void *b)
{
	const struct dev *const *first = a, *const *second = b;

	return strcmp((*first)->name, (*second)->name);
}

static int read_devs(struct list *devs, struct err *err)
{
	int ret = sysfs_check(err);

	if (ret)
		return ret;
	if (!sysfs_exists(VFIO_CLASS))
		return explain_absent(err);
	ret = sysfs_each_link(VFIO_CLASS, "", add_link, devs);
	if (ret)
		return sysfs_failed(err, ret, VFIO_CLASS);
	if (devs->count)
		qsort(devs->items, devs->count, sizeof(void *), by_name);
	return 0;
}

int kernel_devs(struct list *devs, struct err *err)
{
	int ret = read_devs(devs, err);

	if (ret)
		return ret;
	return kernel_holders(devs) ? err_memory(err) : 0;
}

/* Finding */

/*
 * Turns what the user wrote into the name of the device's directory, of SYSFS_PATH_SIZE bytes.
 * There, PCI addresses have a domain, and small letters.
 */
static void canonical_name(const char *word, char *name)
{
	char *resolved = str_starts(word, "/sys/") ? realpath(word, NULL) : NULL;
	const char *end = resolved ? resolved : word;
	const bool is_short = strchr(word, ':') == word + 2 && strrchr(word, ':') == word + 2;

	/* The path may also name VFIO's own directory below that of the device. */
	if (resolved && strstr(resolved, "/vfio-dev/"))
		*strstr(resolved, "/vfio-dev/") = '\0';
	if (resolved || str_starts(word, VFIO_CDEVS "/"))
		end = sysfs_base(end);
	snprintf(name, SYSFS_PATH_SIZE, "%s%.4000s", is_short ? "0000:" : "", end);
	free(resolved);
	for (char *c = name; pci_address_valid(name) && *c; c++)
		*c = tolower((unsigned char)*c);
}

int kernel_dev(const char *word, struct list *devs, struct err *err)
{
	char name[SYSFS_PATH_SIZE];
	int ret = read_devs(devs, err);

	if (ret)
		return ret;
	canonical_name(word, name);
	for (size_t i = 0; i < devs->count; i++) {
		struct dev *dev = devs->items[i];

		if (!str_equal(dev->name, name) && !str_equal(dev->vfio, name))
			continue;
		devs->items[0] = dev;
		devs->count = 1;
		return kernel_holders(devs) ? err_memory(err) : 0;
	}
	return explain_no_dev(err, word, name);
}

/* Virtual functions */

struct functions {
	const struct dev *dev;
	struct list *list;
};

/* @target: of a link in the device's directory, such as ../0000:01:00.1 */
static int add_function(void *data, const char *name _unused_, const char *target)
{
	const struct functions *functions = data;
	char path[SYSFS_PATH_SIZE], served[SYSFS_PATH_SIZE], vfio[64];
	size_t length = strlen(functions->dev->path);

	while (str_starts(target, "../")) {
		target += strlen("../");
		while (length && functions->dev->path[length - 1] != '/')
			length--;
		length -= length > 0;
	}
	snprintf(path, sizeof(path), "%.*s/%.300s", (int)length, functions->dev->path, target);
	snprintf(served, sizeof(served), "%.4000s/vfio-dev", path);
	return add_dev(functions->list, path,
		       sysfs_find(served, "vfio", vfio, sizeof(vfio)) > 0 ? vfio : NULL);
}

int kernel_virtual_functions(const struct dev *dev, struct list *functions, struct err *err)
{
	struct functions data = { .dev = dev, .list = functions };

	int ret = sysfs_each_link(dev->path, "virtfn", add_function, &data);

	if (ret)
		return ret == -ENOMEM ? err_memory(err) : sysfs_failed(err, ret, dev->path);
	return kernel_holders(functions) ? err_memory(err) : 0;
}

/* Groups */

struct blocker {
	char *name, *driver;
};

/* These drivers do no DMA of their own, so that VFIO can have the rest of the group. */
static bool is_harmless(const char *driver)
{
	static const char *const harmless[] = { "pcieport", "pci-stub", "shpchp" };

	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++)
		if (str_equal(driver, harmless[i]))
			return true;
	return false;
}

/* A device of the group is no blocker without a driver, nor with a driver of VFIO. */
static int check_member(void *data, const char *name, const char *target _unused_)
{
	const struct blocker *blocker = data;
	char path[SYSFS_PATH_SIZE], driver[SYSFS_PATH_SIZE];

	snprintf(path, sizeof(path), GROUPS "/%s/devices/%.300s/driver", blocker->driver, name);
	if (!sysfs_link(path, driver) || is_harmless(sysfs_base(driver)))
		return 0;
	snprintf(path, sizeof(path), GROUPS "/%s/devices/%.300s/vfio-dev", blocker->driver, name);
	if (sysfs_exists(path))
		return 0;
	snprintf(blocker->name, 64, "%.63s", name);
	snprintf(blocker->driver, 64, "%.63s", sysfs_base(driver));
	return 1;
}

bool kernel_find_blocker(uint32_t iommu_group, char name[static 64], char driver[static 64])
{
	/* Until a blocker is found, the buffer of its driver holds the number of the group. */
	struct blocker blocker = { .name = name, .driver = driver };
	char path[64];

	snprintf(driver, 64, "%u", iommu_group);
	snprintf(path, sizeof(path), GROUPS "/%u/devices", iommu_group);
	return sysfs_each_link(path, "", check_member, &blocker) > 0;
}
