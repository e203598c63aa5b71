/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa dev find": finds the device of a node, an interface, a disk or a function. */
#include "dev-find.h"

#include "abi/vdpa.h"
#include "base/list.h"
#include "sys/sysfs.h"
#include "vdpa/kernel/explain.h"
#include "vdpa/kernel/topology.h"
#include "vdpa/view.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* The object to find, in all forms that the user's word may have. */
struct wanted {
	const char *word;
	char path[SYSFS_PATH_SIZE]; /* the device of a node or disk below /sys, or empty */
	struct handle parent;	    /* text is NULL: the word cannot be a parent */
	bool is_interface;	    /* an interface of our network namespace has this name */
};

/* Finds the device of a node by its numbers: nodes may be renamed, linked or bind-mounted. */
static int resolve_node(struct wanted *wanted, struct err *err)
{
	struct stat node;
	char link[64];

	if (stat(wanted->word, &node))
		return err_set(err, errno == ENOENT ? ENODEV : errno, "find '%s': %s", wanted->word,
			       err_words(errno));
	if (!S_ISCHR(node.st_mode) && !S_ISBLK(node.st_mode))
		return err_set(err, ENODEV, "find '%s': it is not a device node", wanted->word);
	snprintf(link, sizeof(link), "/sys/dev/%s/%u:%u", S_ISCHR(node.st_mode) ? "char" : "block",
		 major(node.st_rdev), minor(node.st_rdev));
	if (!sysfs_link(link, wanted->path))
		return err_set(err, ENODEV, "find '%s': the kernel has no device with its numbers",
			       wanted->word);
	return 0;
}

static int resolve(const char *word, struct wanted *wanted, struct err *err)
{
	char link[512];

	*wanted = (struct wanted){ .word = word };
	if (word[0] == '/' || str_starts(word, "./") || str_starts(word, "../"))
		return resolve_node(wanted, err);
	if (handle_parse(word, &wanted->parent))
		wanted->parent.text = NULL;
	snprintf(link, sizeof(link), "/sys/class/net/%.255s", word);
	wanted->is_interface = !strchr(word, '/') && sysfs_exists(link);
	/* A disk or a partition. */
	snprintf(link, sizeof(link), "/sys/class/block/%.255s", word);
	if (strchr(word, '/') || !sysfs_link(link, wanted->path))
		wanted->path[0] = '\0';
	return 0;
}

/* Returns whether @name is one of the components of @path. */
static bool has_part(const char *path, const char *name)
{
	size_t length = strlen(name);

	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (!strncmp(part, name, length) && (!part[length] || part[length] == '/'))
			return true;
	}
	return false;
}

/* Returns whether @path ends with the components of @end, such as "vduse/NAME" for VDUSE. */
static bool ends_with(const char *path, const char *end)
{
	size_t length = strlen(path), size = strlen(end);

	return length > size && path[length - size - 1] == '/' &&
	       str_equal(path + length - size, end);
}

static bool is_wanted(const struct wanted *wanted, const struct topology *topology)
{
	/* An interface of this name in our own namespace hides those in other namespaces. */
	const char *netdev = topology->netns && wanted->is_interface ? NULL : topology->netdev;
	const char *const names[] = { netdev, topology->disk, topology->virtio, topology->chardev };

	if (*wanted->path)
		return (topology->parent && ends_with(wanted->path, topology->parent)) ||
		       (topology->chardev &&
			str_equal(sysfs_base(wanted->path), sysfs_base(topology->chardev))) ||
		       (topology->disk && topology->virtio &&
			has_part(wanted->path, topology->virtio));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i] && str_equal(sysfs_base(names[i]), wanted->word))
			return true;
	return wanted->parent.text && topology->parent &&
	       handle_matches(&wanted->parent, topology->parent);
}

static int not_found(const struct list *list, const struct wanted *wanted, struct err *err)
{
	err_set(err, ENODEV, "find '%s': it belongs to no vDPA device", wanted->word);
	err_hint(err, "'vdpa -d dev show' lists nodes, interfaces and disks of all devices");
	for (size_t i = 0; i < list->count; i++) {
		const struct dev *dev = list->items[i];

		if (dev->topology.netns && !dev->topology.netdev)
			err_hint(err,
				 "the interface of '%.255s' is in another network namespace, where "
				 "root can find it",
				 dev->name);
	}
	return -ENODEV;
}

/* Sets *@found to the only device that matches; none or several are an error. */
static int search(const struct list *list, const struct wanted *wanted, const struct dev **found,
		  struct err *err)
{
	*found = NULL;
	for (size_t i = 0; i < list->count; i++) {
		const struct dev *dev = list->items[i];

		if (!is_wanted(wanted, &dev->topology))
			continue;
		if (*found) {
			err_set(err, ENOTUNIQ,
				"find '%s': it belongs to several vDPA devices, "
				"'%.300s' and '%.300s'",
				wanted->word, (*found)->name, dev->name);
			err_hint(err, "'vdpa -d dev show' shows the parents of all devices");
			return -ENOTUNIQ;
		}
		*found = dev;
	}
	return *found ? 0 : not_found(list, wanted, err);
}

/* Without the bus, every search would end in "belongs to no vDPA device": say what is missing. */
static int check_bus(struct err *err)
{
	if (sysfs_exists(VDPA_BUS))
		return 0;
	if (sysfs_check(err)) {
		err_context(err, "find");
		return -ENOENT;
	}
	err_set_status(err, STATUS_NOT_SUPPORTED, ENOENT, "find: the kernel has no vdpa bus");
	explain_hint_mgmtdevs(err);
	return -ENOENT;
}

int dev_find(void *app, const void *args, struct err *err)
{
	_cleanup_(topology_release) struct list list = { 0 };
	const struct find_args *find = args;
	struct vdpa *vdpa = app;
	struct wanted wanted;
	const struct dev *dev;
	struct out out;
	int ret;

	ret = check_bus(err);
	if (!ret)
		ret = resolve(find->what, &wanted, err);
	if (!ret)
		ret = topology_list(&list, err);
	if (!ret)
		ret = topology_read(&list, TOPOLOGY_ALL, err);
	if (!ret)
		ret = search(&list, &wanted, &dev, err);
	if (ret)
		return ret;
	tool_out(&vdpa->app, &out, "find", OUT_ONE);
	out_row(&out, dev->name, find_fields, dev, dev->present);
	return out_close(&out, err);
}
