/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa dev find": from a node, an interface or a disk to its device. */
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

/* What is looked for, as the kernel calls it. */
struct wanted {
	const char *word;
	char path[SYSFS_PATH_SIZE]; /* of a node's device below /sys, or empty */
	struct handle parent;	    /* text is NULL where the word can be none */
	bool is_interface;	    /* of this network namespace */
};

/* A node is known by its numbers, whatever it is called. */
static int resolve_node(struct wanted *wanted, struct err *err)
{
	struct stat node;
	char link[64];

	if (stat(wanted->word, &node))
		return err_set(err, errno == ENOENT ? ENODEV : errno, "find '%s': %s", wanted->word,
			       err_words(errno));
	if (!S_ISCHR(node.st_mode) && !S_ISBLK(node.st_mode))
		return err_set(err, ENODEV, "find '%s': it is no device's node", wanted->word);
	snprintf(link, sizeof(link), "/sys/dev/%s/%u:%u", S_ISCHR(node.st_mode) ? "char" : "block",
		 major(node.st_rdev), minor(node.st_rdev));
	if (!sysfs_link(link, wanted->path))
		return err_set(err, ENODEV, "find '%s': the kernel knows no device of its numbers",
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
	/* A disk, or a part of one. */
	snprintf(link, sizeof(link), "/sys/class/block/%.255s", word);
	if (strchr(word, '/') || !sysfs_link(link, wanted->path))
		wanted->path[0] = '\0';
	return 0;
}

/* Whether @name is one of the parts of @path. */
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

/* Whether the last parts of @path are those of @end; a node of VDUSE is called like its class. */
static bool ends_with(const char *path, const char *end)
{
	size_t length = strlen(path), size = strlen(end);

	return length > size && path[length - size - 1] == '/' &&
	       str_equal(path + length - size, end);
}

static bool is_wanted(const struct wanted *wanted, const struct topology *topology)
{
	/* Interfaces of other namespaces may be called like one that is here. */
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
	err_set(err, ENODEV, "find '%s': no vDPA device lies behind it", wanted->word);
	err_hint(err, "'vdpa -d dev show' shows what lies behind each");
	for (size_t i = 0; i < list->count; i++) {
		const struct dev *dev = list->items[i];

		if (dev->topology.netns && !dev->topology.netdev)
			err_hint(err,
				 "the interface of '%.255s' is in another network namespace, which "
				 "root may look into",
				 dev->name);
	}
	return -ENODEV;
}

/* Leaves the one device that is wanted in *@found. */
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
				"find '%s': several vDPA devices lie behind it, "
				"'%.300s' and '%.300s'",
				wanted->word, (*found)->name, dev->name);
			err_hint(err, "'vdpa -d dev show' shows what lies behind each");
			return -ENOTUNIQ;
		}
		*found = dev;
	}
	return *found ? 0 : not_found(list, wanted, err);
}

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
		ret = topology_read(&list, err);
	if (!ret)
		ret = search(&list, &wanted, &dev, err);
	if (ret)
		return ret;
	tool_out(&vdpa->app, &out, "find", OUT_ONE);
	out_row(&out, dev->name, find_fields, dev, dev->present);
	return out_close(&out, err);
}
