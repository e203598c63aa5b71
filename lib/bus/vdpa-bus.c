/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices on the vdpa bus, by sysfs. */
#include "bus/vdpa-bus.h"

#include "abi/vdpa.h"
#include "base/escape.h"
#include "base/list.h"
#include "sys/chardev.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "sys/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CLASS "/sys/class/vduse"
#define NODES "/dev/vduse"

#define LOCKED_FOR 1 /* seconds after which a device counts as locked */

/*
 * A batch asks for each of its lines: the directory is kept open, and opened anew when a device is
 * not found, for the module may have gone and come back. That it is a link is enough: to follow it
 * would cost the kernel as much again.
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

	if (sysfs_read(path, text, sizeof(text)) <= 0 ||
	    sscanf(text, "%u:%u", &major_number, &minor_number) != 2)
		return false;
	*number = makedev(major_number, minor_number);
	return true;
}

int bus_find_holder(const char *path, struct holder *holder)
{
	dev_t number;

	return read_number(path, &number) && holders_find_device(number, holder) == HOLDERS_FOUND;
}

/* Asked of the driver: mostly it is not loaded, and then there is little to look for. */
static bool is_driven_by(const char *dev, const char *driver)
{
	char path[VDPA_PATH_SIZE];

	snprintf(path, sizeof(path), VDPA_BUS "/drivers/%s/%.255s", driver, dev);
	return sysfs_exists(path);
}

/* Opens the node @path if it is the device @number. Returns 0 where that works, or its errno. */
static int try_node(const char *path, dev_t number)
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

/* vhost_vdpa */

/*
 * The holders that the last search found, for the lines of a batch. They are never taken on trust:
 * each is looked at again, and all nodes that are open now have to be among theirs.
 */
static struct {
	struct list holders;
	unsigned int hopeless; /* nodes open when a search did not find all of them, or 0 */
} found;

static bool is_counted(size_t index)
{
	const struct holder *holder = found.holders.items[index];

	for (size_t i = 0; i < index; i++)
		if (((const struct holder *)found.holders.items[i])->device == holder->device)
			return true;
	return false;
}

/* Whether the device has its node still: the driver removes it before it waits for the holder. */
static bool is_there(dev_t device)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u", major(device), minor(device));
	return sysfs_exists(path);
}

/*
 * Whether one of the holders that were found has the device @number, or for 0 one whose node has
 * gone. A node is opened once at a time, so when the others have as many nodes as are @open, nobody
 * has it.
 */
static enum holders_answer look_among_found(dev_t number, unsigned int open, struct holder *holder)
{
	unsigned int known = 0;

	for (size_t i = 0; i < found.holders.count; i++) {
		*holder = *(const struct holder *)found.holders.items[i];
		if (!holders_still(holder))
			continue;
		if (number ? holder->device == number : !is_there(holder->device))
			return HOLDERS_FOUND;
		known += !is_counted(i);
	}
	return known >= open ? HOLDERS_NONE : HOLDERS_UNKNOWN;
}

/*
 * Looks for a holder of the node @number, or for 0 of one that has gone. With no node open, which
 * the module's count of users tells, there is nothing to look for. A second search settles what
 * came and went during the first one.
 */
static enum holders_answer find_opener(unsigned int major_number, dev_t number,
				       struct holder *holder)
{
	enum holders_answer answer = HOLDERS_UNKNOWN;
	unsigned int open;

	for (int searches = 0; holders_count_open(VDPA_DRIVER_VHOST, &open); searches++) {
		bool complete;

		answer = open ? look_among_found(number, open, holder) : HOLDERS_NONE;
		if (answer != HOLDERS_UNKNOWN || open == found.hopeless)
			return answer;
		if (searches == 2) {
			found.hopeless = open;
			return answer;
		}
		list_clear(&found.holders);
		if (holders_collect(major_number, &found.holders, &complete))
			return HOLDERS_UNKNOWN;
	}
	/* The driver is built in, and nothing counts: only the search tells. */
	return number ? holders_find_device(number, holder) : HOLDERS_UNKNOWN;
}

/*
 * Which of several nodes an unseen holder has open, only the node itself tells: a second opener
 * gets EBUSY, before anything else happens. When nobody has it open, to open it resets the device,
 * which does no harm to one that is about to lose its driver; but it is the last resort, and not
 * for VDUSE: a program that does not answer the reset breaks that device for good.
 */
static enum holders_answer ask_node(const char *dev, const char *name, dev_t number)
{
	char path[VDPA_PATH_SIZE];
	int code;

	if (bus_is_vduse(dev))
		return HOLDERS_UNKNOWN;
	snprintf(path, sizeof(path), "/dev/%.63s", name);
	code = try_node(path, number);
	if (code == EBUSY)
		return HOLDERS_FOUND;
	return code ? HOLDERS_UNKNOWN : HOLDERS_NONE;
}

static int explain_opener(const char *name, const struct holder *holder, struct err *err)
{
	if (!holder->pid) {
		err_set(err, EBUSY,
			"/dev/%s is open in a process that cannot be seen here, and the kernel "
			"would wait until it is closed",
			name);
		err_hint(err, "end that process first, which may be in a container or have passed "
			      "the open file on; -f does it all the same, and waits");
	} else if (guard_is_self(holder->pid)) {
		err_set(err, EBUSY,
			"/dev/%s was opened by whoever started this command, which has it open "
			"now as well",
			name);
		err_hint(err, "close it first");
	} else {
		err_set(err, EBUSY,
			"/dev/%s is open in process %d (%s), and the kernel would wait until it is "
			"closed",
			name, (int)holder->pid, holder->command);
		err_hint(err, "end that process first; -f does it all the same, and waits");
	}
	return -EBUSY;
}

static int explain_unknown(const char *name, struct err *err)
{
	err_set(err, EBUSY,
		"a process that cannot be seen here may have /dev/%s open, and the kernel would "
		"wait until it is closed",
		name);
	err_hint(err, "%s; -f does it all the same, and may wait",
		 geteuid() ? "root can see more"
			   : "look for it outside of this container, and for open files that "
			     "programs passed on");
	return -EBUSY;
}

int bus_check_node(const char *dev, struct err *err)
{
	struct holder holder = { 0 };
	enum holders_answer answer;
	char path[VDPA_PATH_SIZE], name[64];
	unsigned int open;
	dev_t number;
	int ret;

	if (!is_driven_by(dev, VDPA_DRIVER_VHOST) ||
	    (holders_count_open(VDPA_DRIVER_VHOST, &open) && !open))
		return 0;
	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/", dev);
	ret = sysfs_find(path, "vhost-vdpa-", name, sizeof(name));
	if (ret <= 0)
		return ret ? sysfs_failed(err, ret, path) : 0;
	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/%.63s/dev", dev, name);
	if (!read_number(path, &number))
		return 0;
	answer = find_opener(major(number), number, &holder);
	if (answer == HOLDERS_UNKNOWN) {
		holder.pid = 0;
		answer = ask_node(dev, name, number);
	}
	if (answer == HOLDERS_NONE)
		return 0;
	return answer == HOLDERS_FOUND ? explain_opener(name, &holder, err)
				       : explain_unknown(name, err);
}

/* VDUSE */

bool bus_is_vduse(const char *dev)
{
	char path[2 * VDPA_PATH_SIZE];

	snprintf(path, sizeof(path), CLASS "/%.255s/%.255s", dev, dev);
	return sysfs_exists(path);
}

/*
 * A node of VDUSE has one opener at a time, so that EBUSY proves that a program serves the device,
 * and success that none does. Opening sends no message, and closing leaves those that wait for an
 * answer to the next opener: the only trace is that a program which starts in this very moment
 * finds the node taken, as it would find the device gone a moment later.
 */
enum holders_answer bus_find_server(const char *dev, struct holder *holder)
{
	char path[VDPA_PATH_SIZE];
	dev_t number;
	int code;

	*holder = (struct holder){ 0 };
	snprintf(path, sizeof(path), CLASS "/%.255s/dev", dev);
	if (!read_number(path, &number))
		return HOLDERS_UNKNOWN;
	snprintf(path, sizeof(path), NODES "/%.255s", dev);
	code = try_node(path, number);
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
		 escape_is_plain(dev) ? dev : "NAME");
}

/*
 * virtio_vdpa resets a device that it lets go of, and a VDUSE device sends that to its program.
 * When the program has ended the kernel waits for msg_timeout, half a minute by default, and
 * without limit for a disk's reads and writes that nobody completes any more.
 */
static int check_server(const char *dev, struct err *err)
{
	struct holder holder;

	if (!is_driven_by(dev, VDPA_DRIVER_VIRTIO) || !bus_is_vduse(dev))
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
	/* What was not found out may be so. */
	hidden = ret == -ETIMEDOUT || ret == -EINTR || *bound.is;
	worker_memory_free(bound.is, sizeof(*bound.is));
	return hidden;
}

/* The number that the kernel gave the nodes of vhost_vdpa when it was loaded. */
static void take_major(void *data, const char *text)
{
	unsigned int number;
	char name[32];

	if (sscanf(text, "%u %31s", &number, name) == 2 && str_equal(name, "vhost-vdpa"))
		*(unsigned int *)data = number;
}

/*
 * Whether vhost_vdpa may be letting go of some device: not when all nodes that are open are there.
 * @holder: of a node that has gone, or with pid 0.
 */
static bool vhost_may_leave(struct holder *holder)
{
	unsigned int number = 0;
	enum holders_answer answer;

	if (!sysfs_exists(VDPA_BUS "/drivers/" VDPA_DRIVER_VHOST))
		return false;
	sysfs_each_line("/proc/devices", take_major, &number);
	answer = find_opener(number, 0, holder);
	if (answer != HOLDERS_FOUND)
		holder->pid = 0;
	return answer != HOLDERS_NONE;
}

/* Only a device of VDUSE waits for a program that serves it. */
static int explain_virtio_leaving(const char *dev, struct err *err)
{
	err_set(err, EBUSY, VDPA_DRIVER_VIRTIO " has begun to let go of it and still waits");
	if (bus_is_vduse(dev))
		hint_unserved(dev, err);
	else
		err_hint(err, "repeat this when nobody uses its disk or network interface any "
			      "more; -f waits, and the whole vdpa bus with it");
	return -EBUSY;
}

static int explain_leaving(const struct holder *holder, struct err *err)
{
	err_set(err, EBUSY,
		VDPA_DRIVER_VHOST " has begun to let go of it and waits until its node is closed");
	if (holder->pid && !guard_is_self(holder->pid))
		err_hint(err,
			 "process %d (%s) has a node open that is not there any more: end it first",
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
