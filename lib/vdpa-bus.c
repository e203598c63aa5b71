/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vdpa-bus.h"

#include "bounded.h"
#include "chardev.h"
#include "escape.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define BUS    "/sys/bus/vdpa"
#define CLASS  "/sys/class/vduse"
#define NODES  "/dev/vduse"
#define VHOST  "vhost_vdpa"
#define VIRTIO "virtio_vdpa"

/* What has the module open: two for each open node, and nothing else mostly. */
#define OPENS "/sys/module/" VHOST "/refcnt"

#define LOCKED_FOR 1 /* seconds after which a device counts as locked */

/* Of paths with a name of up to 255 bytes in them; longer ones are cut, and then found nowhere. */
#define PATH_SIZE 512

/*
 * A batch asks for each of its lines: the directory is kept open, and opened anew when a device is
 * not found, for the module may have gone and come back. That it is a link is enough: to follow it
 * would cost the kernel as much again.
 */
static bool is_listed(const char *dev)
{
	static int devices = -1;
	char path[PATH_SIZE];

	if (devices >= 0 && !faccessat(devices, dev, F_OK, AT_SYMLINK_NOFOLLOW))
		return true;
	close_file(&devices);
	devices = open(BUS "/devices", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (devices >= 0)
		return !faccessat(devices, dev, F_OK, AT_SYMLINK_NOFOLLOW);
	snprintf(path, sizeof(path), BUS "/devices/%s", dev);
	return sysfs_exists(path);
}

bool bus_has(const char *dev)
{
	/* What leads elsewhere below /sys is no name. */
	if (strchr(dev, '/') || str_equal(dev, ".") || str_equal(dev, "..") || strlen(dev) > 255)
		return false;
	return is_listed(dev);
}

/* The number of a device from the attribute @path: its node may lie anywhere, or nowhere. */
static bool read_number(const char *path, dev_t *number)
{
	unsigned int major_number, minor_number;
	char text[32];

	if (!sysfs_read(path, text, sizeof(text)) ||
	    sscanf(text, "%u:%u", &major_number, &minor_number) != 2)
		return false;
	*number = makedev(major_number, minor_number);
	return true;
}

/* Asked of the driver: mostly it is not loaded, and then there is little to look for. */
static bool is_driven_by(const char *dev, const char *driver)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), BUS "/drivers/%s/%.255s", driver, dev);
	return sysfs_exists(path);
}

/* vhost_vdpa */

int bus_check_node(const char *dev, struct err *err)
{
	char path[PATH_SIZE], name[64];
	struct holder holder;
	dev_t number;

	if (!is_driven_by(dev, VHOST))
		return 0;
	snprintf(path, sizeof(path), BUS "/devices/%.255s/", dev);
	if (!sysfs_find(path, "vhost-vdpa-", name, sizeof(name)))
		return 0;
	snprintf(path, sizeof(path), BUS "/devices/%.255s/%.63s/dev", dev, name);
	if (!read_number(path, &number) || holders_find_device(number, &holder) != HOLDERS_FOUND)
		return 0;
	if (holders_is_self(holder.pid)) {
		err_set(err, EBUSY,
			"/dev/%s was opened by whoever started this command, which has it open "
			"now as well",
			name);
		err_hint(err, "close it first");
		return -EBUSY;
	}
	err_set(err, EBUSY,
		"/dev/%s is open in process %d (%s), and the kernel would wait until it is closed",
		name, (int)holder.pid, holder.command);
	err_hint(err, "end that process first; -f does it all the same, and waits");
	return -EBUSY;
}

/* VDUSE */

bool bus_is_vduse(const char *dev)
{
	char path[2 * PATH_SIZE];

	snprintf(path, sizeof(path), CLASS "/%.255s/%.255s", dev, dev);
	return sysfs_exists(path);
}

/*
 * A node of VDUSE has one opener at a time, so that EBUSY proves that a program serves the device,
 * and success that none does. Opening sends no message, and closing leaves those that wait for an
 * answer to the next opener: the only trace is that a program which starts in this very moment
 * finds the node taken, as it would find the device gone a moment later.
 * Returns the errno of the attempt, or 0.
 */
static int try_node(const char *dev, dev_t number)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_SIZE];
	struct stat status;
	struct err ignored;

	snprintf(path, sizeof(path), NODES "/%.255s", dev);
	if (stat(path, &status))
		return errno;
	if (!S_ISCHR(status.st_mode) || status.st_rdev != number)
		return ENOENT;
	fd = chardev_open(path, &ignored);
	return fd < 0 ? -fd : 0;
}

enum holders_answer bus_find_server(const char *dev, struct holder *holder)
{
	char path[PATH_SIZE];
	dev_t number;
	int code;

	*holder = (struct holder){ 0 };
	snprintf(path, sizeof(path), CLASS "/%.255s/dev", dev);
	if (!read_number(path, &number))
		return HOLDERS_UNKNOWN;
	code = try_node(dev, number);
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
		 "start the program that served it again, or delete it by 'vduse dev del %s "
		 "detach'; -f waits, and the whole vdpa bus with it",
		 is_plain_word(dev) ? dev : "NAME");
}

/*
 * virtio_vdpa resets a device that it lets go of, and a VDUSE device sends that to its program.
 * When the program has ended the kernel waits for msg_timeout, half a minute by default, and
 * without limit for a disk's reads and writes that nobody completes any more.
 */
static int check_server(const char *dev, struct err *err)
{
	struct holder holder;

	if (!is_driven_by(dev, VIRTIO) || !bus_is_vduse(dev))
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
	char path[PATH_SIZE];
	bool *is; /* a driver has it */
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
 * The kernel removes the link to the driver before the driver lets go, and forgets the driver
 * afterwards; in between the attribute uevent still names it. On some kernels, as 6.1, to read that
 * waits as well.
 */
static bool has_hidden_driver(const char *dev)
{
	_cleanup_(bounded_release) struct bounded bounded = BOUNDED_INIT;
	struct bound bound = { .is = bounded_memory(sizeof(*bound.is)) };
	struct err ignored;
	bool hidden = false;
	int ret;

	if (!bound.is)
		return false;
	snprintf(bound.path, sizeof(bound.path), BUS "/devices/%.255s/uevent", dev);
	ret = bounded_start(&bounded, read_uevent, &bound, &ignored);
	if (!ret)
		ret = bounded_wait(&bounded, LOCKED_FOR, &ignored);
	hidden = ret == -ETIMEDOUT || *bound.is;
	bounded_memory_free(bound.is, sizeof(*bound.is));
	return hidden;
}

int bus_check_leaving(const char *dev, struct err *err)
{
	char path[PATH_SIZE], name[64];

	snprintf(path, sizeof(path), BUS "/devices/%.255s/driver", dev);
	if (sysfs_exists(path) || !bus_has(dev))
		return 0;
	snprintf(path, sizeof(path), BUS "/devices/%.255s", dev);
	if (sysfs_find(path, "virtio", name, sizeof(name))) {
		err_set(err, EBUSY, VIRTIO " has begun to let go of it and still waits");
		hint_unserved(dev, err);
		return -EBUSY;
	}
	if (!sysfs_exists(BUS "/drivers/" VHOST) || sysfs_is(OPENS, '0') || !has_hidden_driver(dev))
		return 0;
	err_set(err, EBUSY, VHOST " has begun to let go of it and waits until its node is closed");
	err_hint(err, "end the process that has the node open: its open file /dev/vhost-vdpa-N "
		      "shows as deleted below /proc/PID/fd");
	return -EBUSY;
}

int bus_check_unbind(const char *dev, struct err *err)
{
	int ret = bus_check_node(dev, err);

	if (!ret)
		ret = check_server(dev, err);
	return ret ? ret : bus_check_leaving(dev, err);
}

bool bus_gives_to_virtio(void)
{
	return sysfs_exists(BUS "/drivers/virtio_vdpa") && sysfs_is(BUS "/drivers_autoprobe", '1');
}
