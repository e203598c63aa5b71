/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads devices from sysfs, without opening a node. */
#include "abi/vdpa.h"
#include "kernel.h"

#include "abi/vduse.h"
#include "base/index.h"
#include "base/list.h"
#include "explain.h"
#include "sys/holders.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

/* Other programs may create names with a '/', for which sysfs and /dev have a '!'. */
static void put_path(char *path, size_t size, const char *before, const char *name,
		     const char *after)
{
	size_t start = strlen(before) + 1;

	snprintf(path, size, "%s/%.300s%s", before, name, after);
	for (size_t i = start; i < start + strlen(name) && i < size && path[i]; i++)
		if (path[i] == '/')
			path[i] = '!';
}

void kernel_node_path(const char *name, char *path, size_t size)
{
	put_path(path, size, VDUSE_NODES, name, "");
}

void kernel_sysfs_path(const char *name, const char *attribute, char *path, size_t size)
{
	char after[64];

	snprintf(after, sizeof(after), "/%s", attribute);
	put_path(path, size, VDUSE_CLASS, name, after);
}

/* The directories of the class and of the nodes have these entries beside the devices. */
bool kernel_may_be_dev(const char *name)
{
	return *name && !str_equal(name, ".") && !str_equal(name, "..") &&
	       !str_equal(name, VDUSE_CONTROL) && strlen(name) < VDUSE_NAME_SIZE;
}

/* Reads an attribute of a device. Returns 1, 0 if there is none, or a negative errno. */
static int read_attribute(int class, const char *name, const char *attribute, char *text,
			  size_t size)
{
	char path[VDPA_PATH_SIZE];

	snprintf(path, sizeof(path), "%.300s/%s", name, attribute);
	return sysfs_read_at(class, path, text, size);
}

static int read_number(int class, const char *name, const char *attribute, uint64_t *number)
{
	char text[32];
	int ret = read_attribute(class, name, attribute, text, sizeof(text));

	return ret > 0 ? !num_parse(text, 0, UINT64_MAX, number) : ret;
}

struct bus_dev {
	const char *name;
};

static int add_bus_dev(void *list, const char *name)
{
	struct bus_dev *dev = list_new(list, sizeof(*dev));

	if (!dev)
		return -ENOMEM;
	dev->name = list_text(list, name);
	return dev->name ? 0 : -ENOMEM;
}

/* One scan of devices: what is the same for all of them, and the list that they go to. */
struct scan {
	int class;	     /* file descriptor of the class's directory */
	nlink_t directories; /* links of the directory of a device without queues */
	unsigned int major;  /* of all nodes */
	struct list holders; /* of struct holder */
	bool complete;	     /* all processes could be seen, so no holder is missing */
	bool queues;	     /* read the queues as well */
	bool all;	     /* read all devices, and list the bus for that */
	struct list bus;     /* of struct bus_dev */
	struct index bus_by_name;
	struct list *list; /* of struct dev */
};

/* Listing the bus once saves two system calls for each device that is not on it. */
static int list_bus(struct scan *scan)
{
	int ret = sysfs_each(VDPA_BUS "/devices", add_bus_dev, &scan->bus);

	return ret ? ret : index_build(&scan->bus_by_name, &scan->bus);
}

static int scan_begin(struct scan *scan)
{
	struct stat status;

	scan->class = open(VDUSE_CLASS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (scan->class < 0)
		return -errno;
	/* The control device has no queues, so its directory has as many links as one without. */
	if (!fstatat(scan->class, VDUSE_CONTROL, &status, 0))
		scan->directories = status.st_nlink;
	if (!stat(VDUSE_NODES "/" VDUSE_CONTROL, &status) && S_ISCHR(status.st_mode)) {
		scan->major = major(status.st_rdev);
		if (holders_collect(scan->major, &scan->holders, &scan->complete))
			return -ENOMEM;
	}
	return scan->all ? list_bus(scan) : 0;
}

static void scan_end(struct scan *scan)
{
	close_file(&scan->class);
	list_clear(&scan->holders);
	index_release(&scan->bus_by_name);
	list_clear(&scan->bus);
}

static void fill_holder(const struct scan *scan, struct dev *dev, dev_t device)
{
	dev->state = scan->complete ? STATE_ORPHAN : STATE_UNKNOWN;
	for (size_t i = 0; i < scan->holders.count; i++) {
		const struct holder *holder = scan->holders.items[i];

		if (holder->device != device)
			continue;
		dev->state = STATE_SERVED;
		dev->pid = holder->pid;
		memcpy(dev->command, holder->command, sizeof(dev->command));
		dev->present |= BIT64(DEV_HAS_HOLDER);
		return;
	}
}

/*
 * devtmpfs creates the node together with the device, so the node has the age of the device.
 * Anything else at this path is ignored.
 */
static void fill_node(const struct scan *scan, struct dev *dev)
{
	struct statx status;
	int64_t age;

	if (statx(AT_FDCWD, dev->chardev, 0, STATX_BASIC_STATS | STATX_BTIME, &status) ||
	    !S_ISCHR(status.stx_mode) || status.stx_rdev_major != scan->major)
		return;
	fill_holder(scan, dev, makedev(status.stx_rdev_major, status.stx_rdev_minor));
	age = time(NULL) -
	      (status.stx_mask & STATX_BTIME ? status.stx_btime.tv_sec : status.stx_mtime.tv_sec);
	dev->age = age > 0 ? age : 0;
	dev->present |= BIT64(DEV_HAS_AGE);
}

/*
 * Fills whether the device is on the vdpa bus, and its driver there. The bus's device is a
 * directory in the one of ours, of the same name. Its "driver" or "uevent" proves that: ours may
 * have an attribute of that name.
 */
static void fill_bus(const struct scan *scan, struct dev *dev)
{
	char path[2 * VDPA_PATH_SIZE], target[SYSFS_PATH_SIZE];

	if (scan->all && !index_find(&scan->bus_by_name, dev->name))
		return;
	snprintf(path, sizeof(path), "%.300s/%.300s/driver", dev->name, dev->name);
	if (sysfs_link_at(scan->class, path, target)) {
		snprintf(dev->driver, sizeof(dev->driver), "%.31s", sysfs_base(target));
		dev->attached = true;
		dev->present |= BIT64(DEV_HAS_DRIVER);
		return;
	}
	snprintf(path, sizeof(path), "%.300s/%.300s/uevent", dev->name, dev->name);
	dev->attached = !faccessat(scan->class, path, F_OK, 0);
}

/*
 * Kernels that have a bounce_size also have a directory for each queue. The link count of the
 * device's directory includes one link for each directory in it, so no directory has to be read.
 */
static void fill_vqs(const struct scan *scan, struct dev *dev)
{
	struct stat status;

	if (!(dev->present & BIT64(DEV_HAS_BOUNCE_SIZE)) || !scan->directories ||
	    fstatat(scan->class, dev->name, &status, 0) ||
	    status.st_nlink < scan->directories + dev->attached)
		return;
	dev->vqs = status.st_nlink - scan->directories - dev->attached;
	dev->present |= BIT64(DEV_HAS_VQS);
}

static int fill_queues(const struct scan *scan, struct dev *dev)
{
	for (uint32_t i = 0; i < dev->vqs; i++) {
		char attribute[64], text[CPUS_TEXT_SIZE];
		struct dev_queue *queue;
		struct cpus cpus;
		int ret;

		snprintf(attribute, sizeof(attribute), "vq%u/irq_cb_affinity", i);
		ret = read_attribute(scan->class, dev->name, attribute, text, sizeof(text));
		if (ret < 0)
			return ret;
		/* A mask that fills the buffer may have been cut. */
		if (!ret || strlen(text) == sizeof(text) - 1 || cpus_parse_mask(text, &cpus))
			break;
		queue = list_new(&dev->queues, sizeof(*queue));
		if (!queue)
			return -ENOMEM;
		cpus_format(&cpus, text);
		queue->index = i;
		queue->irq_cb_affinity = list_text(&dev->queues, text);
		if (!queue->irq_cb_affinity)
			return -ENOMEM;
	}
	if (dev->queues.count)
		dev->present |= BIT64(DEV_HAS_QUEUES);
	return 0;
}

static int add_dev(void *data, const char *name)
{
	const struct scan *scan = data;
	size_t size = strlen(name) + 1;
	struct dev *dev;
	uint64_t number;
	char *text;
	int ret;

	if (!kernel_may_be_dev(name))
		return 0;
	/* A device that was deleted in the meantime has no attributes. */
	ret = read_number(scan->class, name, "msg_timeout", &number);
	if (ret <= 0)
		return ret;
	dev = list_new(scan->list, sizeof(*dev) + size + sizeof(VDUSE_NODES) + size);
	if (!dev)
		return -ENOMEM;
	*dev = (struct dev){ .present = BIT64(HAS_ALWAYS) | BIT64(DEV_HAS_MSG_TIMEOUT) };
	text = (char *)(dev + 1);
	dev->name = memcpy(text, name, size);
	dev->chardev = text + size;
	snprintf(text + size, sizeof(VDUSE_NODES) + size, VDUSE_NODES "/%s", name);
	dev->msg_timeout = number;
	ret = read_number(scan->class, name, "bounce_size", &dev->bounce_size);
	if (ret < 0)
		return ret;
	if (ret)
		dev->present |= BIT64(DEV_HAS_BOUNCE_SIZE);
	fill_node(scan, dev);
	fill_bus(scan, dev);
	if (!dev->attached || scan->queues)
		fill_vqs(scan, dev);
	return scan->queues ? fill_queues(scan, dev) : 0;
}

/* Numbers in names are sorted by value: vdisk2 comes before vdisk10. */
static int in_order(const void *a, const void *b)
{
	const struct dev *const *first = a, *const *second = b;

	return strverscmp((*first)->name, (*second)->name);
}

static int add_all(struct scan *scan)
{
	struct list *list = scan->list;
	int ret = sysfs_each(VDUSE_CLASS, add_dev, scan);

	if (list->count)
		qsort(list->items, list->count, sizeof(void *), in_order);
	return ret;
}

static int add_named(struct scan *scan, const char *name)
{
	char path[VDPA_PATH_SIZE];

	put_path(path, sizeof(path), "", name, "");
	return add_dev(scan, path + 1);
}

/* @name: NULL for all devices. */
static int list_devs(struct scan *scan, const char *name, struct err *err)
{
	int ret = scan_begin(scan);

	if (!ret)
		ret = name ? add_named(scan, name) : add_all(scan);
	if (!ret)
		return 0;
	if (ret == -ENOENT)
		return explain_absent(err);
	return ret == -ENOMEM ? err_memory(err)
			      : err_set(err, -ret, "list the devices: %s", err_words(-ret));
}

int kernel_devs(bool queues, struct list *list, struct err *err)
{
	_cleanup_(scan_end) struct scan scan = { .queues = queues,
						 .all = true,
						 .list = list,
						 .bus_by_name = INDEX_INIT(struct bus_dev, name) };

	return list_devs(&scan, NULL, err);
}

int kernel_dev(const char *name, bool queues, struct list *list, struct err *err)
{
	_cleanup_(scan_end) struct scan scan = { .queues = queues, .list = list };
	int ret = list_devs(&scan, name, err);

	return !ret && !list->count ? explain_no_dev(err, "look up", name) : ret;
}
