/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out who has the node of a vhost_vdpa device open. */
#include "abi/vdpa.h"
#include "base/list.h"
#include "bus/vdpa-bus.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "vdpa-bus-internal.h"

#include <errno.h>
#include <stdio.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/*
 * The holders that the last search found, kept for the next lines of a batch. An old result is
 * never trusted: each holder is checked again, and together they must account for all nodes that
 * are open now.
 */
static struct {
	struct list holders;
	unsigned int hopeless; /* open nodes when a search could not find all holders, or 0 */
} found;

static bool is_counted(size_t index)
{
	const struct holder *holder = found.holders.items[index];

	for (size_t i = 0; i < index; i++)
		if (((const struct holder *)found.holders.items[i])->device == holder->device)
			return true;
	return false;
}

/* Returns whether the node still exists. The driver deletes it before it waits for the holder. */
static bool node_exists(dev_t device)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u", major(device), minor(device));
	return sysfs_exists(path);
}

/*
 * Looks for a known holder of the device @number, or for 0 of a device whose node is gone. A node
 * can be opened only once. So when the other devices account for all @open nodes, nobody has this
 * one open.
 */
static enum holders_answer look_among_found(dev_t number, unsigned int open, struct holder *holder)
{
	unsigned int known = 0;

	for (size_t i = 0; i < found.holders.count; i++) {
		*holder = *(const struct holder *)found.holders.items[i];
		if (!holders_still(holder))
			continue;
		if (number ? holder->device == number : !node_exists(holder->device))
			return HOLDERS_FOUND;
		known += !is_counted(i);
	}
	return known >= open ? HOLDERS_NONE : HOLDERS_UNKNOWN;
}

/*
 * Looks for a holder of the node @number, or for 0 of a node that is gone. The module's use count
 * tells how many nodes are open; if there are none, no search is needed. Processes may open and
 * close nodes during a search, so a second search settles the result.
 */
enum holders_answer bus_find_opener(unsigned int major_number, dev_t number, struct holder *holder)
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
	/* A driver that is built in has no use count: only a search can tell. */
	return number ? holders_find_device(number, holder) : HOLDERS_UNKNOWN;
}

/*
 * When a holder is not visible, only the node itself tells whether it is open: a second open()
 * fails with EBUSY before anything else happens. If nobody has it open, our open() resets the
 * device. That does no harm to a device that is about to lose its driver, but this is the last
 * resort. It is never done for VDUSE: a program that does not answer the reset breaks its device
 * for good.
 */
static enum holders_answer ask_node(const char *dev, const char *name, dev_t number)
{
	char path[VDPA_PATH_SIZE];
	int code;

	if (bus_is_vduse(dev))
		return HOLDERS_UNKNOWN;
	snprintf(path, sizeof(path), "/dev/%.63s", name);
	code = bus_try_node(path, number);
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
		err_hint(err, "end that process first; it may be in a container, or have passed "
			      "the open file on; -f does it anyway, and waits");
	} else if (guard_is_self(holder->pid)) {
		err_set(err, EBUSY,
			"/dev/%s is open in this command itself, which inherited it from whoever "
			"started it",
			name);
		err_hint(err, "close it before this command starts");
	} else {
		err_set(err, EBUSY,
			"/dev/%s is open in process %d (%s), and the kernel would wait until it is "
			"closed",
			name, (int)holder->pid, holder->command);
		err_hint(err, "end that process first; -f does it anyway, and waits");
	}
	return -EBUSY;
}

static int explain_unknown(const char *name, struct err *err)
{
	err_set(err, EBUSY,
		"a process that cannot be seen here may have /dev/%s open, and the kernel would "
		"wait until it is closed",
		name);
	err_hint(err, "%s; -f does it anyway, and may wait",
		 geteuid() ? "root can see more"
			   : "look for it outside this container, and for open files that "
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

	if (!bus_is_driven_by(dev, VDPA_DRIVER_VHOST) ||
	    (holders_count_open(VDPA_DRIVER_VHOST, &open) && !open))
		return 0;
	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/", dev);
	ret = sysfs_find(path, "vhost-vdpa-", name, sizeof(name));
	if (ret <= 0)
		return ret ? sysfs_failed(err, ret, path) : 0;
	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/%.63s/dev", dev, name);
	if (!bus_read_number(path, &number))
		return 0;
	answer = bus_find_opener(major(number), number, &holder);
	if (answer == HOLDERS_UNKNOWN) {
		holder.pid = 0;
		answer = ask_node(dev, name, number);
	}
	if (answer == HOLDERS_NONE)
		return 0;
	return answer == HOLDERS_FOUND ? explain_opener(name, &holder, err)
				       : explain_unknown(name, err);
}
