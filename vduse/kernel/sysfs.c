/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices as sysfs tells of them, without opening a node. */
#include "abi/vdpa.h"
#include "kernel.h"

#include "abi/vduse.h"
#include "base/list.h"
#include "explain.h"
#include "sys/holders.h"
#include "sys/sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define _cleanup_directory_ _cleanup_(close_directory)

/* A name with a slash, which other programs may give, stands with '!' in sysfs and below /dev. */
static void put_path(char *path, size_t size, const char *before, const char *name,
		     const char *behind)
{
	size_t start = strlen(before) + 1;

	snprintf(path, size, "%s/%.300s%s", before, name, behind);
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
	char behind[64];

	snprintf(behind, sizeof(behind), "/%s", attribute);
	put_path(path, size, VDUSE_CLASS, name, behind);
}

/* Beside the devices the class, and the directory of their nodes, hold these. */
bool kernel_may_be_dev(const char *name)
{
	return *name && !str_equal(name, ".") && !str_equal(name, "..") &&
	       !str_equal(name, VDUSE_CONTROL) && strlen(name) < VDUSE_NAME_SIZE;
}

/* Opens a directory; one that is not there is none, and holds nothing. */
static int open_directory(const char *path, DIR **directory)
{
	*directory = opendir(path);
	return *directory || errno == ENOENT ? 0 : -errno;
}

/* Whether we could not look; for any other reason there is nothing to be seen. */
static bool is_shortage(int ret)
{
	return ret == -EMFILE || ret == -ENFILE || ret == -ENOMEM;
}

/* Attributes */

/*
 * Reads an attribute of a device at @class into @text, without its end of line. Returns 0 or a
 * negative errno, that one, too, for a text that is too long.
 */
static int read_text(int class, const char *name, const char *attribute, char *text, size_t size)
{
	_cleanup_close_ int fd = -1;
	char path[VDPA_PATH_SIZE];
	ssize_t length;

	snprintf(path, sizeof(path), "%.300s/%s", name, attribute);
	fd = openat(class, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read(fd, text, size);
	if (length < 0)
		return -errno;
	if (!length || (size_t)length == size)
		return length ? -EOVERFLOW : -ENODATA;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

static int read_number(int class, const char *name, const char *attribute, uint64_t *number)
{
	char text[32];
	int ret = read_text(class, name, attribute, text, sizeof(text));

	return ret ? ret : num_parse(text, 0, UINT64_MAX, number);
}

/* The vdpa bus, by two looks at its directories. */

struct bus_dev {
	const char *name;
	char driver[32];
};

struct bus {
	struct list devs;
};

static int by_name(const void *a, const void *b)
{
	const struct bus_dev *const *first = a, *const *second = b;

	return strcmp((*first)->name, (*second)->name);
}

static struct bus_dev *bus_find(const struct bus *bus, const char *name)
{
	const struct bus_dev wanted = { .name = name }, *key = &wanted;
	struct bus_dev **found = NULL;

	if (bus->devs.count)
		found = bsearch(&key, bus->devs.items, bus->devs.count, sizeof(void *), by_name);
	return found ? *found : NULL;
}

static int bus_read_devs(struct bus *bus)
{
	_cleanup_directory_ DIR *directory = NULL;
	const struct dirent *entry;
	int ret = open_directory(VDPA_BUS "/devices", &directory);

	if (ret)
		return ret;
	while (directory && (entry = readdir(directory))) {
		size_t size = strlen(entry->d_name) + 1;
		struct bus_dev *dev = list_new(&bus->devs, sizeof(*dev) + size);

		if (!dev)
			return -ENOMEM;
		dev->driver[0] = '\0';
		dev->name = memcpy(dev + 1, entry->d_name, size);
	}
	if (bus->devs.count)
		qsort(bus->devs.items, bus->devs.count, sizeof(void *), by_name);
	return 0;
}

/* A driver's directory holds, beside its own files, what it drives. */
static int bus_read_driver(struct bus *bus, const char *driver)
{
	_cleanup_directory_ DIR *directory = NULL;
	const struct dirent *entry;
	char path[VDPA_PATH_SIZE];
	int ret;

	snprintf(path, sizeof(path), VDPA_BUS "/drivers/%.300s", driver);
	ret = open_directory(path, &directory);
	if (ret)
		return ret;
	while (directory && (entry = readdir(directory))) {
		struct bus_dev *dev = entry->d_type == DT_LNK ? bus_find(bus, entry->d_name) : NULL;

		if (dev)
			snprintf(dev->driver, sizeof(dev->driver), "%.31s", driver);
	}
	return 0;
}

static int bus_read(struct bus *bus)
{
	_cleanup_directory_ DIR *drivers = NULL;
	const struct dirent *entry;
	int ret = bus_read_devs(bus);

	if (!ret)
		ret = open_directory(VDPA_BUS "/drivers", &drivers);
	while (!ret && drivers && (entry = readdir(drivers)))
		if (entry->d_name[0] != '.')
			ret = bus_read_driver(bus, entry->d_name);
	return ret;
}

/* Devices */

/* What holds for all devices that are looked at. */
struct look {
	int class;	     /* directory of the devices */
	nlink_t directories; /* that a device without queues has */
	unsigned int major;  /* of all nodes */
	struct bus bus;	     /* if all devices are */
	struct list held;    /* of struct holder */
	bool complete;	     /* nobody can be hidden who has one open */
	bool all, queues;
};

static int look_begin(struct look *look)
{
	struct stat status;

	look->class = open(VDUSE_CLASS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (look->class < 0)
		return -errno;
	if (!fstatat(look->class, VDUSE_CONTROL, &status, 0))
		look->directories = status.st_nlink;
	if (!stat(VDUSE_NODES "/" VDUSE_CONTROL, &status) && S_ISCHR(status.st_mode)) {
		look->major = major(status.st_rdev);
		if (holders_collect(look->major, &look->held, &look->complete))
			return -ENOMEM;
	}
	return look->all ? bus_read(&look->bus) : 0;
}

static void look_end(struct look *look)
{
	close_file(&look->class);
	list_clear(&look->bus.devs);
	list_clear(&look->held);
}

static void fill_holder(const struct look *look, struct dev *dev, dev_t device)
{
	dev->state = look->complete ? STATE_ORPHAN : STATE_UNKNOWN;
	for (size_t i = 0; i < look->held.count; i++) {
		const struct holder *held = look->held.items[i];

		if (held->device != device)
			continue;
		dev->state = STATE_SERVED;
		dev->pid = held->pid;
		memcpy(dev->command, held->command, sizeof(dev->command));
		dev->present |= BIT64(DEV_HAS_HOLDER);
		return;
	}
}

/*
 * The node is made with the device, and tells when that was; what else stands there, tells nothing.
 */
static void fill_node(const struct look *look, struct dev *dev)
{
	struct statx status;
	int64_t age;

	if (statx(AT_FDCWD, dev->chardev, 0, STATX_BASIC_STATS | STATX_BTIME, &status) ||
	    !S_ISCHR(status.stx_mode) || status.stx_rdev_major != look->major)
		return;
	fill_holder(look, dev, makedev(status.stx_rdev_major, status.stx_rdev_minor));
	age = time(NULL) -
	      (status.stx_mask & STATX_BTIME ? status.stx_btime.tv_sec : status.stx_mtime.tv_sec);
	dev->age = age > 0 ? age : 0;
	dev->present |= BIT64(DEV_HAS_AGE);
}

/* The link to a device's driver, as the bus would tell of it among all others. */
static void read_driver(int class, const char *name, char *driver, size_t size)
{
	char path[2 * VDPA_PATH_SIZE], target[VDPA_PATH_SIZE];
	const char *slash;
	ssize_t length;

	snprintf(path, sizeof(path), "%.300s/%.300s/driver", name, name);
	length = readlinkat(class, path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	slash = strrchr(target, '/');
	snprintf(driver, size, "%.31s", slash ? slash + 1 : "");
}

/* On the bus may also be a device of another kind that has the same name. */
static void fill_bus(const struct look *look, struct dev *dev)
{
	const struct bus_dev *bus_dev = bus_find(&look->bus, dev->name);
	char path[2 * VDPA_PATH_SIZE];

	if (look->all && !bus_dev)
		return;
	/* A device may have the name of an attribute. */
	snprintf(path, sizeof(path), "%.300s/%.300s/uevent", dev->name, dev->name);
	dev->attached = !faccessat(look->class, path, F_OK, 0);
	if (!dev->attached)
		return;
	if (bus_dev)
		memcpy(dev->driver, bus_dev->driver, sizeof(dev->driver));
	else
		read_driver(look->class, dev->name, dev->driver, sizeof(dev->driver));
	if (dev->driver[0])
		dev->present |= BIT64(DEV_HAS_DRIVER);
}

/*
 * Queues have directories since kernels that have a bounce_size. How many, the directory's links
 * tell at once: one for each directory in it.
 */
static void fill_vqs(const struct look *look, struct dev *dev)
{
	struct stat status;

	if (!(dev->present & BIT64(DEV_HAS_BOUNCE_SIZE)) || !look->directories ||
	    fstatat(look->class, dev->name, &status, 0) ||
	    status.st_nlink < look->directories + dev->attached)
		return;
	dev->vqs = status.st_nlink - look->directories - dev->attached;
	dev->present |= BIT64(DEV_HAS_VQS);
}

static int fill_queues(const struct look *look, struct dev *dev)
{
	for (uint32_t i = 0; i < dev->vqs; i++) {
		char attribute[64], text[CPUS_TEXT_SIZE];
		struct dev_queue *queue;
		struct cpus cpus;
		int ret;

		snprintf(attribute, sizeof(attribute), "vq%u/irq_cb_affinity", i);
		ret = read_text(look->class, dev->name, attribute, text, sizeof(text));
		if (is_shortage(ret))
			return ret;
		if (ret || cpus_parse_mask(text, &cpus))
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

static int add_dev(const struct look *look, const char *name, struct list *list)
{
	size_t size = strlen(name) + 1;
	struct dev *dev;
	uint64_t number;
	char *text;
	int ret = read_number(look->class, name, "msg_timeout", &number);

	/* One that went meanwhile is not there. */
	if (ret)
		return is_shortage(ret) ? ret : 0;
	dev = list_new(list, sizeof(*dev) + size + sizeof(VDUSE_NODES) + size);
	if (!dev)
		return -ENOMEM;
	*dev = (struct dev){ .present = BIT64(HAS_ALWAYS) | BIT64(DEV_HAS_MSG_TIMEOUT) };
	text = (char *)(dev + 1);
	dev->name = memcpy(text, name, size);
	dev->chardev = text + size;
	sprintf(text + size, VDUSE_NODES "/%s", name);
	dev->msg_timeout = number;
	if (!read_number(look->class, name, "bounce_size", &dev->bounce_size))
		dev->present |= BIT64(DEV_HAS_BOUNCE_SIZE);
	fill_node(look, dev);
	fill_bus(look, dev);
	if (!dev->attached || look->queues)
		fill_vqs(look, dev);
	return look->queues ? fill_queues(look, dev) : 0;
}

/* Numbers in names count as such: vdisk2 comes before vdisk10. */
static int in_order(const void *a, const void *b)
{
	const struct dev *const *first = a, *const *second = b;

	return strverscmp((*first)->name, (*second)->name);
}

static int add_all(const struct look *look, struct list *list)
{
	_cleanup_directory_ DIR *directory = NULL;
	const struct dirent *entry;
	int ret = open_directory(VDUSE_CLASS, &directory);

	while (!ret && directory && (entry = readdir(directory)))
		if (kernel_may_be_dev(entry->d_name))
			ret = add_dev(look, entry->d_name, list);
	if (list->count)
		qsort(list->items, list->count, sizeof(void *), in_order);
	return ret;
}

static int add_named(const struct look *look, const char *name, struct list *list)
{
	char path[VDPA_PATH_SIZE];

	put_path(path, sizeof(path), "", name, "");
	return kernel_may_be_dev(name) ? add_dev(look, path + 1, list) : 0;
}

/* Without @name all. */
static int list_devs(struct look *look, const char *name, struct list *list, struct err *err)
{
	int ret = look_begin(look);

	if (!ret)
		ret = name ? add_named(look, name, list) : add_all(look, list);
	if (!ret)
		return 0;
	if (ret == -ENOENT)
		return explain_absent(err);
	return ret == -ENOMEM ? err_memory(err)
			      : err_set(err, -ret, "list the devices: %s", err_words(-ret));
}

int kernel_devs(bool queues, struct list *list, struct err *err)
{
	_cleanup_(look_end) struct look look = { .all = true, .queues = queues };

	return list_devs(&look, NULL, list, err);
}

int kernel_dev(const char *name, bool queues, struct list *list, struct err *err)
{
	_cleanup_(look_end) struct look look = { .queues = queues };
	int ret = list_devs(&look, name, list, err);

	return !ret && !list->count ? explain_no_dev(err, "look up", name) : ret;
}
