/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at devices on the vdpa bus and finds out who would make a request wait. */
#include "bus/vdpa-bus.h"

#include "abi/vdpa.h"
#include "base/escape.h"
#include "base/list.h"
#include "sys/chardev.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "sys/worker.h"
#include "vdpa-bus-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CLASS "/sys/class/vduse"
#define NODES "/dev/vduse"

#define LOCKED_FOR 1 /* seconds after which the device counts as locked by the kernel */

/*
 * A batch calls this for each of its lines, so the directory stays open. When a device is not
 * found, the directory is opened again, because the module may have been unloaded and loaded. The
 * entry is a link, and that it exists is enough: following it would cost the kernel as much again.
 */
static bool is_listed(const char *dev)
{
	static int devices = -1;
	char path[VDPA_PATH_SIZE];

	if (devices >= 0 && !faccessat(devices, dev, F_OK, AT_SYMLINK_NOFOLLOW))
		return true;
	close_file(&devices);
	devices = open(VDPA_BUS "/devices", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (devices >= 0)
		return !faccessat(devices, dev, F_OK, AT_SYMLINK_NOFOLLOW);
	snprintf(path, sizeof(path), VDPA_BUS "/devices/%s", dev);
	return sysfs_exists(path);
}

bool bus_has(const char *dev)
{
	/* Such a word would lead to another place below /sys. */
	if (strchr(dev, '/') || str_equal(dev, ".") || str_equal(dev, "..") || strlen(dev) > 255)
		return false;
	return is_listed(dev);
}

bool bus_read_number(const char *path, dev_t *number)
{
	unsigned int major_number, minor_number;
	char text[32];

	if (sysfs_read(path, text, sizeof(text)) <= 0 ||
	    sscanf(text, "%u:%u", &major_number, &minor_number) != 2)
		return false;
	*number = makedev(major_number, minor_number);
	return true;
}

int bus_find_holder(const char *path, struct holder *holder)
{
	dev_t number;

	return bus_read_number(path, &number) &&
	       holders_find_device(number, holder) == HOLDERS_FOUND;
}

bool bus_is_driven_by(const char *dev, const char *driver)
{
	char path[VDPA_PATH_SIZE];

	snprintf(path, sizeof(path), VDPA_BUS "/drivers/%s/%.255s", driver, dev);
	return sysfs_exists(path);
}

int bus_try_node(const char *path, dev_t number)
{
	struct stat status;
	struct err ignored;
	int fd;

	if (stat(path, &status))
		return errno;
	if (!S_ISCHR(status.st_mode) || status.st_rdev != number)
		return ENOENT;
	fd = chardev_open(path, &ignored);
	if (fd < 0)
		return -fd;
	chardev_close(&fd);
	return 0;
}

/* VDUSE */

bool bus_is_vduse(const char *dev)
{
	char path[2 * VDPA_PATH_SIZE];

	snprintf(path, sizeof(path), CLASS "/%.255s/%.255s", dev, dev);
	return sysfs_exists(path);
}

/*
 * A VDUSE node can be opened only once, so EBUSY proves that a program serves the device, and
 * success proves that none does. Opening sends no message to the device, and closing leaves pending
 * messages to the next opener. The only trace is that a program which starts at this very moment
 * finds the node in use; a moment later it would find the device gone.
 */
enum holders_answer bus_find_server(const char *dev, struct holder *holder)
{
	char path[VDPA_PATH_SIZE];
	dev_t number;
	int code;

	*holder = (struct holder){ 0 };
	snprintf(path, sizeof(path), CLASS "/%.255s/dev", dev);
	if (!bus_read_number(path, &number))
		return HOLDERS_UNKNOWN;
	snprintf(path, sizeof(path), NODES "/%.255s", dev);
	code = bus_try_node(path, number);
	if (!code)
		return HOLDERS_NONE;
	if (code != EBUSY)
		return holders_find_device(number, holder);
	if (holders_find_device(number, holder) != HOLDERS_FOUND)
		*holder = (struct holder){ .device = number };
	return HOLDERS_FOUND;
}

static void hint_unserved(const char *dev, struct err *err)
{
	err_hint(err,
		 "start the program that served it again, or delete it with 'vduse dev del %s "
		 "detach'; -f waits, and blocks the whole vdpa bus",
		 escape_is_plain(dev) ? dev : "NAME");
}

/*
 * virtio_vdpa resets a device when it releases it, and VDUSE sends the reset to the program that
 * serves the device. If that program has ended, the kernel waits for msg_timeout, half a minute by
 * default. For a disk it waits without limit, because nobody completes the pending reads and
 * writes.
 */
static int check_server(const char *dev, struct err *err)
{
	struct holder holder;

	if (!bus_is_driven_by(dev, VDPA_DRIVER_VIRTIO) || !bus_is_vduse(dev))
		return 0;
	switch (bus_find_server(dev, &holder)) {
	case HOLDERS_FOUND:
		return 0;
	case HOLDERS_NONE:
		err_set(err, EBUSY,
			"no program serves " NODES
			"/%.255s any more, and the kernel would wait for "
			"its answer",
			dev);
		break;
	case HOLDERS_UNKNOWN:
		err_set(err, EBUSY,
			"it cannot be seen here whether a program still serves " NODES
			"/%.255s, and without one the kernel would wait for its answer",
			dev);
		break;
	}
	hint_unserved(dev, err);
	return -EBUSY;
}

/* Leaving */

struct bound {
	char path[VDPA_PATH_SIZE];
	bool *is; /* whether the device still has a driver */
};

static int read_uevent(void *data, struct err *err _unused_)
{
	struct bound *bound = data;
	char text[4096];
	int fd = open(bound->path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	text[length > 0 ? length : 0] = '\0';
	*bound->is = str_starts(text, "DRIVER=") || strstr(text, "\nDRIVER=");
	return 0;
}

/*
 * The kernel deletes the link to the driver before the driver releases the device, and clears the
 * driver afterwards. In between, only the attribute uevent still names it. On some kernels, such as
 * 6.1, reading that attribute waits as well, so a worker reads it.
 */
static bool has_hidden_driver(const char *dev)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	struct bound bound = { .is = worker_memory(sizeof(*bound.is)) };
	struct err ignored;
	bool hidden = false;
	int ret;

	if (!bound.is)
		return false;
	snprintf(bound.path, sizeof(bound.path), VDPA_BUS "/devices/%.255s/uevent", dev);
	ret = worker_start(&worker, read_uevent, &bound, &ignored);
	if (!ret)
		ret = worker_wait(&worker, LOCKED_FOR, &ignored);
	/* When the answer is not known, assume that there is a driver. */
	hidden = ret == -ETIMEDOUT || ret == -EINTR || *bound.is;
	worker_memory_free(bound.is, sizeof(*bound.is));
	return hidden;
}

/*
 * Finds the major number of vhost_vdpa's nodes, which the kernel chose when the driver was loaded.
 */
static void take_major(void *data, const char *text)
{
	unsigned int number;
	char name[32];

	if (sscanf(text, "%u %31s", &number, name) == 2 && str_equal(name, "vhost-vdpa"))
		*(unsigned int *)data = number;
}

/*
 * Returns whether vhost_vdpa may be releasing some device. It is not if all open nodes still exist.
 * @holder: the holder of a node that is gone, or pid 0.
 */
static bool vhost_may_leave(struct holder *holder)
{
	unsigned int number = 0;
	enum holders_answer answer;

	if (!sysfs_exists(VDPA_BUS "/drivers/" VDPA_DRIVER_VHOST))
		return false;
	sysfs_each_line("/proc/devices", take_major, &number);
	answer = bus_find_opener(number, 0, holder);
	if (answer != HOLDERS_FOUND)
		holder->pid = 0;
	return answer != HOLDERS_NONE;
}

/* Only a VDUSE device waits for the program that serves it. */
static int explain_virtio_leaving(const char *dev, struct err *err)
{
	err_set(err, EBUSY, VDPA_DRIVER_VIRTIO " has begun to let go of it and still waits");
	if (bus_is_vduse(dev))
		hint_unserved(dev, err);
	else
		err_hint(err, "try again when nobody uses its disk or network interface any "
			      "more; -f waits, and blocks the whole vdpa bus");
	return -EBUSY;
}

static int explain_leaving(const struct holder *holder, struct err *err)
{
	err_set(err, EBUSY,
		VDPA_DRIVER_VHOST " has begun to let go of it and waits until its node is closed");
	if (holder->pid && !guard_is_self(holder->pid))
		err_hint(err, "end process %d (%s) first, which has its deleted node open",
			 (int)holder->pid, holder->command);
	else
		err_hint(err, "end the process that has it open first");
	return -EBUSY;
}

int bus_check_leaving(const char *dev, struct err *err)
{
	char path[VDPA_PATH_SIZE], name[64];
	struct holder holder = { 0 };
	int ret;

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/driver", dev);
	if (sysfs_exists(path) || !bus_has(dev))
		return 0;
	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s", dev);
	ret = sysfs_find(path, "virtio", name, sizeof(name));
	if (ret < 0)
		return sysfs_failed(err, ret, path);
	if (ret > 0)
		return explain_virtio_leaving(dev, err);
	return vhost_may_leave(&holder) && has_hidden_driver(dev) ? explain_leaving(&holder, err)
								  : 0;
}

int bus_check_unbind(const char *dev, struct err *err)
{
	int ret = bus_check_node(dev, err);

	if (!ret)
		ret = check_server(dev, err);
	return ret ? ret : bus_check_leaving(dev, err);
}

const char *bus_first_driver(void)
{
	static const char *const drivers[] = { VDPA_DRIVER_VHOST, VDPA_DRIVER_VIRTIO };
	const char *first = NULL;
	ino_t lowest = 0;

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		struct stat status;
		char path[VDPA_PATH_SIZE];

		snprintf(path, sizeof(path), VDPA_BUS "/drivers/%s", drivers[i]);
		if (stat(path, &status) || (first && status.st_ino > lowest))
			continue;
		first = drivers[i];
		lowest = status.st_ino;
	}
	return first;
}

bool bus_gives_to_virtio(void)
{
	const char *first = bus_first_driver();

	return first && str_equal(first, VDPA_DRIVER_VIRTIO) &&
	       sysfs_is(VDPA_BUS "/drivers_autoprobe", '1') > 0;
}
