/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "abi/vfio.h"
#include "explain.h"
#include "holders.h"
#include "kernel.h"
#include "sysfs.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define GROUPS "/sys/kernel/iommu_groups"

/* Reading */

/* Puts the last part of the link @attribute of a device into the list's memory; NULL: no link. */
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

/* The node @prefix NAME, if it is there. */
static const char *node(struct list *devs, const char *directory, const char *prefix,
			const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s%.200s", directory, prefix, name);
	return sysfs_exists(path) ? list_text(devs, path) : NULL;
}

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

/* @target: of VFIO's link to its device, which lies in two directories below that of the bus. */
static int add_dev(struct list *devs, const char *vfio, const char *target)
{
	char path[SYSFS_PATH_SIZE];
	struct dev *dev;
	char *end;

	while (str_starts(target, "../"))
		target += strlen("../");
	snprintf(path, sizeof(path), "/sys/%.4000s", target);
	for (int i = 0; i < 2; i++) {
		end = strrchr(path, '/');
		if (!end || end == path)
			return 0;
		*end = '\0';
	}
	dev = list_new(devs, sizeof(*dev));
	if (!dev)
		return -ENOMEM;
	*dev = (struct dev){ .present = BIT64(HAS_ALWAYS), .vfio = list_text(devs, vfio) };
	dev->path = list_text(devs, path);
	if (!dev->vfio || !dev->path)
		return -ENOMEM;
	dev->name = sysfs_base(dev->path);
	set_text(dev, &dev->driver, link_base(devs, dev, "driver"), DEV_HAS_DRIVER);
	set_text(dev, &dev->physfn, link_base(devs, dev, "physfn"), DEV_HAS_PHYSFN);
	set_text(dev, &dev->cdev, node(devs, VFIO_CDEVS, "", vfio), DEV_HAS_CDEV);
	fill_group(devs, dev);
	return 0;
}

static int add_link(void *data, const char *name, const char *target)
{
	return name[0] == '.' ? 0 : add_dev(data, name, target);
}

/* Holders */

/* Adds who has the node open, of those with its major number. */
static int add_holders(struct list *devs, struct dev *dev, dev_t device, const struct list *held)
{
	for (size_t i = 0; i < held->count; i++) {
		const struct holder *holder = held->items[i];
		struct holding *holding;
		bool listed = false;

		for (size_t j = 0; j < dev->holders.count; j++)
			listed |= ((const struct holding *)dev->holders.items[j])->pid ==
				  (uint32_t)holder->pid;
		if (holder->device != device || listed)
			continue;
		holding = list_new(&dev->holders, sizeof(*holding));
		if (!holding)
			return -ENOMEM;
		holding->pid = holder->pid;
		holding->command = list_text(devs, holder->command);
		if (!holding->command)
			return -ENOMEM;
		dev->present |= BIT64(DEV_HAS_HOLDERS);
	}
	return 0;
}

/* Processes are looked at once for each major number: all groups share one, all cdevs another. */
struct held {
	unsigned int major_number;
	struct list holders;
};

static int fill_holders(struct list *devs, struct dev *dev, const char *path, struct held *held)
{
	struct stat status;
	bool complete;

	if (!path || stat(path, &status) || !S_ISCHR(status.st_mode))
		return 0;
	if (held->major_number != major(status.st_rdev)) {
		list_clear(&held->holders);
		held->major_number = major(status.st_rdev);
		if (holders_collect(held->major_number, &held->holders, &complete))
			return -ENOMEM;
	}
	return add_holders(devs, dev, status.st_rdev, &held->holders);
}

static int fill_all_holders(struct list *devs)
{
	struct held groups = { 0 }, cdevs = { 0 };
	int ret = 0;

	for (size_t i = 0; !ret && i < devs->count; i++) {
		struct dev *dev = devs->items[i];

		ret = fill_holders(devs, dev, dev->group_node, &groups);
		if (!ret)
			ret = fill_holders(devs, dev, dev->cdev, &cdevs);
	}
	list_clear(&groups.holders);
	list_clear(&cdevs.holders);
	return ret;
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
	if (sysfs_each_link(VFIO_CLASS, "", add_link, devs))
		return err_memory(err);
	if (devs->count)
		qsort(devs->items, devs->count, sizeof(void *), by_name);
	return 0;
}

int kernel_devs(struct list *devs, struct err *err)
{
	int ret = read_devs(devs, err);

	if (ret)
		return ret;
	return fill_all_holders(devs) ? err_memory(err) : 0;
}

/* Finding */

/* What a device goes by, as its directory is called: in @name, of SYSFS_PATH_SIZE bytes. */
static void spell(const char *word, char *name)
{
	char *resolved = str_starts(word, "/sys/") ? realpath(word, NULL) : NULL;
	const char *end = resolved ? resolved : word;
	const bool is_short = strchr(word, ':') == word + 2 && strrchr(word, ':') == word + 2;

	/* Also the directory that VFIO has below that of the device. */
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
	spell(word, name);
	for (size_t i = 0; i < devs->count; i++) {
		struct dev *dev = devs->items[i];

		if (!str_equal(dev->name, name) && !str_equal(dev->vfio, name))
			continue;
		devs->items[0] = dev;
		devs->count = 1;
		return fill_all_holders(devs) ? err_memory(err) : 0;
	}
	return explain_no_dev(err, word, name);
}

/* Groups */

struct obstacle {
	char *name, *driver;
};

/* Drivers that leave it to others who reaches memory through the group. */
static bool is_harmless(const char *driver)
{
	static const char *const harmless[] = { "pcieport", "pci-stub", "shpchp" };

	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++)
		if (str_equal(driver, harmless[i]))
			return true;
	return false;
}

static int look_at_member(void *data, const char *name, const char *target _unused_)
{
	const struct obstacle *obstacle = data;
	char path[SYSFS_PATH_SIZE], driver[SYSFS_PATH_SIZE];

	snprintf(path, sizeof(path), GROUPS "/%s/devices/%.300s/driver", obstacle->driver, name);
	if (!sysfs_link(path, driver) || is_harmless(sysfs_base(driver)))
		return 0;
	snprintf(path, sizeof(path), GROUPS "/%s/devices/%.300s/vfio-dev", obstacle->driver, name);
	if (sysfs_exists(path))
		return 0;
	snprintf(obstacle->name, 64, "%.63s", name);
	snprintf(obstacle->driver, 64, "%.63s", sysfs_base(driver));
	return 1;
}

bool kernel_in_the_way(uint32_t iommu_group, char name[static 64], char driver[static 64])
{
	/* Until one is found, the driver's place holds the group's number. */
	struct obstacle obstacle = { .name = name, .driver = driver };
	char path[64];

	snprintf(driver, 64, "%u", iommu_group);
	snprintf(path, sizeof(path), GROUPS "/%u/devices", iommu_group);
	return sysfs_each_link(path, "", look_at_member, &obstacle);
}
