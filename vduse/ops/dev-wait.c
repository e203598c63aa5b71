/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until a device exists, is served, is attached or is gone. */
#include "dev-wait.h"

#include "abi/vdpa.h"
#include "abi/vduse.h"
#include "base/clock.h"
#include "base/list.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "sys/uevent.h"
#include "vduse/kernel/kernel.h"

#include <errno.h>
#include <stdio.h>

/* Bytes of events that may arrive between two checks. */
#define WAIT_BUFFER_SIZE (1 << 20)

/*
 * The kernel sends no event when a program opens a node. So search the processes again and again,
 * at first often, later less often.
 */
#define FIRST_PAUSE 100 /* ms */
#define LAST_PAUSE  500 /* ms */

struct waiting {
	struct caller *caller;
	const struct wait_args *args;
	char missing[VDPA_PATH_SIZE + 64]; /* what the last check still missed */
	bool poll; /* no event will report the change, so check again soon */
	bool warned;
	int64_t pause; /* ms */
};

/* Notes what is still missing, and returns 0. */
static int set_missing(struct waiting *waiting, const char *what)
{
	snprintf(waiting->missing, sizeof(waiting->missing), "%s", what);
	return 0;
}

static bool exists(const char *name, const char *attribute)
{
	char path[VDPA_PATH_SIZE];

	kernel_sysfs_path(name, attribute, path, sizeof(path));
	return sysfs_exists(path);
}

static bool is_attached(const char *name)
{
	char attribute[VDPA_PATH_SIZE];

	snprintf(attribute, sizeof(attribute), "%.255s/uevent", name);
	return exists(name, attribute);
}

/* The node appears a moment after the device; in a container without VDUSE's nodes it never does.
 */
static bool has_node(struct waiting *waiting)
{
	char path[VDPA_PATH_SIZE];

	kernel_node_path(waiting->args->name, path, sizeof(path));
	snprintf(waiting->missing, sizeof(waiting->missing), "%s does not exist", path);
	return sysfs_exists(path) || !sysfs_exists(VDUSE_NODES "/" VDUSE_CONTROL);
}

static int cannot_see(struct waiting *waiting)
{
	if (!waiting->warned)
		caller_warn(waiting->caller,
			    "wait for '%.300s': not all processes are visible here, so a program "
			    "that serves it may be missed",
			    waiting->args->name);
	waiting->warned = true;
	return set_missing(waiting, "whether a program serves it is not visible here");
}

/* Other commands of this tool open a node for a moment, but serve nothing. */
static bool is_server(const struct dev *dev)
{
	return dev->state == STATE_SERVED && !str_equal(dev->command, "vduse");
}

/* Returns 1 where a program serves the device, 0 where none is seen. */
static int find_server(struct waiting *waiting, struct err *err)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	int ret = kernel_dev(waiting->args->name, false, &devs, err);
	const struct dev *dev = ret ? NULL : devs.items[0];

	waiting->poll = true;
	if (ret == -ENODEV || ret == -ENOENT)
		return set_missing(waiting, "there is no such device");
	if (ret)
		return ret;
	if (is_server(dev))
		return 1;
	return dev->state == STATE_UNKNOWN ? cannot_see(waiting)
					   : set_missing(waiting, "no program serves it");
}

/* Returns 1 when the device is as wanted, 0 with what is missing, or a negative errno. */
static int check_condition(struct waiting *waiting, struct err *err)
{
	const struct wait_args *args = waiting->args;
	const bool there = exists(args->name, "");

	waiting->poll = false;
	set_missing(waiting, there ? "it still exists" : "there is no such device");
	if (!there || args->gone)
		return there != args->gone;
	if (args->attached && !is_attached(args->name))
		return set_missing(waiting, "it is not attached to the vdpa bus");
	if (!has_node(waiting))
		return 0;
	return args->served ? find_server(waiting, err) : 1;
}

static int sleep_until(struct waiting *waiting, struct uevents *uevents, int64_t deadline,
		       struct err *err)
{
	static const char *const subsystems[] = { "vduse", "vdpa", NULL };

	if (waiting->poll) {
		int64_t next = clock_milliseconds() + waiting->pause;

		deadline = deadline < 0 || next < deadline ? next : deadline;
		waiting->pause *= 2;
		if (waiting->pause > LAST_PAUSE)
			waiting->pause = LAST_PAUSE;
	}
	return uevents_sleep(uevents, subsystems, deadline, err);
}

static int await(struct waiting *waiting, struct uevents *uevents, struct err *err)
{
	const struct opt_u32 *timeout = &waiting->args->timeout;
	int64_t deadline =
		timeout->set ? clock_milliseconds() + (int64_t)timeout->value * 1000 : -1;

	/* Without /sys every device would seem to be gone. */
	if (sysfs_check(err))
		return -ENOENT;
	for (;;) {
		bool is_late = timeout->set && clock_milliseconds() >= deadline;
		int ret = check_condition(waiting, err);

		if (ret)
			return ret < 0 ? ret : 0;
		if (is_late)
			break;
		ret = sleep_until(waiting, uevents, deadline, err);
		if (ret)
			return ret;
	}
	return err_set(err, ETIMEDOUT, "timed out after %u s: %s", timeout->value,
		       waiting->missing);
}

int dev_wait(struct caller *caller, const struct wait_args *wait, struct err *err)
{
	struct waiting waiting = { .caller = caller, .args = wait, .pause = FIRST_PAUSE };
	_cleanup_(uevents_release) struct uevents uevents = { .fd = -1 };
	int ret;

	if (!kernel_may_be_dev(wait->name))
		return err_usage(err, "no VDUSE device can be called '%.300s'", wait->name);
	/* Listen before the first check, so that no event between the two is missed. */
	ret = uevents_open(&uevents, WAIT_BUFFER_SIZE, err);
	guard_sleep();
	if (!ret)
		ret = await(&waiting, &uevents, err);
	if (ret)
		err_context(err, "wait for '%.300s'", wait->name);
	return ret;
}
