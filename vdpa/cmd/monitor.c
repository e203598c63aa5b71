/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa monitor": prints events of devices and management devices. */
#include "monitor.h"

#include "abi/vdpa.h"
#include "base/clock.h"
#include "base/list.h"
#include "commands.h"
#include "doctor-checks.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "sys/uevent.h"
#include "vdpa/kernel/topology.h"
#include "vdpa/model/driver-map.h"
#include "vdpa/ops/monitor-ask.h"
#include "vdpa/view.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

/* Receive buffer for events: bytes, enough for about two thousand. */
#define RECEIVE_SIZE (1 << 20)

/*
 * The kernel sends no events for management devices, only for the drivers and modules that register
 * them. Most drivers register theirs before the event; a few do it later, when the card has
 * started. So the list is read at the event and then several times again, with a pause that doubles
 * each time: 6 s in all.
 */
#define LOOKS_AGAIN 6
#define FIRST_PAUSE 100 /* ms */

/*
 * The kernel mostly answers at once. If it is stuck, we go on printing events of devices, warn once
 * and look for its answer now and then.
 */
#define MOMENT	   100	/* ms to wait for an answer before events are read again */
#define LATE	   2000 /* ms without an answer until the kernel counts as stuck */
#define WHEN_STUCK 500	/* ms between two looks for the answer of a stuck kernel */

struct monitor {
	struct app *app;
	struct uevents uevents;
	struct driver_map devs, mgmtdevs; /* as they were printed last */
	struct mgmtdev_query query;
	bool listed;	      /* management devices were listed once */
	bool stuck;	      /* the kernel does not answer, and we have warned */
	unsigned int looks;   /* remaining looks at the list of management devices */
	int64_t next_look;    /* ms */
	int pause;	      /* after the next look: ms */
	bool lost;	      /* events were lost, and the lists are out of date */
	bool relisted;	      /* changes found in lists may also arrive as events */
	bool absent;	      /* the family is missing, in this namespace or altogether */
	bool reported_absent; /* we have warned about that */
};

static int report(struct monitor *monitor, const char *action, const char *object, const char *name,
		  const char *driver, struct err *err)
{
	struct event event = { .event = action, .object = object, .name = name, .driver = driver };
	uint32_t present = BIT64(HAS_ALWAYS);
	struct out out;

	clock_gettime(CLOCK_REALTIME, &event.time);
	if (monitor->app->out.timestamp)
		present |= BIT64(EVENT_HAS_TIME);
	if (driver)
		present |= BIT64(EVENT_HAS_DRIVER);
	tool_out(monitor->app, &out, NULL, OUT_ONE);
	out_row(&out, NULL, event_fields, &event, present);
	return out_close(&out, err);
}

/* Lists */

static int list_devs(struct driver_map *devs, struct err *err)
{
	_cleanup_(topology_release) struct list list = { 0 };
	int ret = topology_list(&list, err);

	/* Without /sys the list is empty. Reading drivers would fail, but events still arrive. */
	if (!ret && list.count)
		ret = topology_read(&list, TOPOLOGY_DRIVERS, err);
	for (size_t i = 0; !ret && i < list.count; i++) {
		const struct dev *dev = list.items[i];

		ret = driver_map_put(devs, dev->name, dev->topology.driver, err);
	}
	return ret;
}

/* Returns 1, 0 if the kernel has not answered yet, or a negative errno with @err filled. */
static int list_mgmtdevs(struct monitor *monitor, int milliseconds, struct driver_map *mgmtdevs,
			 struct err *err)
{
	int ret = mgmtdev_query(&monitor->query, milliseconds, mgmtdevs, err);

	monitor->absent = ret == -ENOENT && err->status == STATUS_NOT_SUPPORTED;
	return monitor->absent ? 1 : ret;
}

/* Warns that the kernel is stuck, once, and names the cause, which /sys and /proc show. */
static void report_stuck(struct monitor *monitor)
{
	struct err err = { 0 };

	if (monitor->stuck || clock_milliseconds() - monitor->query.since < LATE)
		return;
	monitor->stuck = true;
	hint_stuck_kernel(&err);
	tool_warn(monitor->app, "management devices are left out until the vdpa bus answers: %s",
		  err.hint);
}

/* Differences */

struct difference {
	struct monitor *monitor;
	const char *object;
	const struct driver_map *others;
	struct err *err;
};

static int report_gone(void *data, const struct driver_entry *old)
{
	const struct difference *difference = data;
	struct monitor *monitor = difference->monitor;
	int ret = 0;

	if (driver_map_find(difference->others, old->name))
		return 0;
	if (old->driver)
		ret = report(monitor, "unbind", difference->object, old->name, old->driver,
			     difference->err);
	return ret ? ret
		   : report(monitor, "remove", difference->object, old->name, NULL,
			    difference->err);
}

static int report_new(void *data, const struct driver_entry *fresh)
{
	const struct difference *difference = data;
	const struct driver_entry *old = driver_map_find(difference->others, fresh->name);
	struct monitor *monitor = difference->monitor;
	int ret = 0;

	if (old && driver_entry_is(old, fresh->driver))
		return 0;
	if (!old)
		ret = report(monitor, "add", difference->object, fresh->name, NULL,
			     difference->err);
	else if (old->driver)
		ret = report(monitor, "unbind", difference->object, old->name, old->driver,
			     difference->err);
	if (!ret && fresh->driver)
		ret = report(monitor, "bind", difference->object, fresh->name, fresh->driver,
			     difference->err);
	return ret;
}

/* Prints the differences between two lists as events, and swaps @seen and @fresh. */
static int update(struct monitor *monitor, const char *object, struct driver_map *seen,
		  struct driver_map *fresh, struct err *err)
{
	struct difference to_fresh = { monitor, object, fresh, err },
			  to_seen = { monitor, object, seen, err };
	struct driver_map swap = *seen;
	int ret = driver_map_each(seen, report_gone, &to_fresh);

	if (!ret)
		ret = driver_map_each(fresh, report_new, &to_seen);
	*seen = *fresh;
	*fresh = swap;
	return ret;
}

static void look_soon(struct monitor *monitor)
{
	monitor->looks = 1 + LOOKS_AGAIN;
	monitor->pause = FIRST_PAUSE;
	monitor->next_look = clock_milliseconds();
}

static bool is_elsewhere(const struct monitor *monitor)
{
	return monitor->absent && sysfs_exists(VDPA_BUS);
}

/*
 * Warns that the family lives in another network namespace. Not at the first looks: while the
 * module is being loaded, the bus exists a moment before the family does.
 */
static void report_elsewhere(struct monitor *monitor)
{
	if (monitor->reported_absent || monitor->looks >= LOOKS_AGAIN || !is_elsewhere(monitor))
		return;
	monitor->reported_absent = true;
	tool_warn(monitor->app,
		  "management devices are left out: the kernel lists them in the initial network "
		  "namespace only, and sends no events at all to that of a user namespace");
}

/* Takes a new list. The first one is printed by nobody: it is the state at the start. */
static int take_list(struct monitor *monitor, struct driver_map *fresh, struct err *err)
{
	struct driver_map swap = monitor->mgmtdevs;

	monitor->stuck = false;
	if (monitor->listed)
		return update(monitor, "mgmtdev", &monitor->mgmtdevs, fresh, err);
	monitor->listed = true;
	monitor->mgmtdevs = *fresh;
	*fresh = swap;
	return 0;
}

static int look(struct monitor *monitor, struct err *err)
{
	_cleanup_(driver_map_clear) struct driver_map fresh = { 0 };
	int ret = list_mgmtdevs(monitor, MOMENT, &fresh, err);

	if (!ret) {
		report_stuck(monitor);
		monitor->next_look = clock_milliseconds() + WHEN_STUCK;
		return 0;
	}
	if (ret > 0)
		ret = take_list(monitor, &fresh, err);
	monitor->looks--;
	report_elsewhere(monitor);
	monitor->next_look = clock_milliseconds() + monitor->pause;
	monitor->pause *= 2;
	return ret;
}

static int relist(struct monitor *monitor, struct err *err)
{
	_cleanup_(driver_map_clear) struct driver_map fresh = { 0 };
	int ret;

	tool_warn(monitor->app, "events were lost because too many arrived at once; the "
				"differences follow");
	monitor->lost = false;
	monitor->relisted = true;
	look_soon(monitor);
	ret = list_devs(&fresh, err);
	return ret ? ret : update(monitor, "dev", &monitor->devs, &fresh, err);
}

/* Events */

static bool is_action(const struct uevent *uevent, const char *action)
{
	return str_equal(uevent->action, action);
}

static bool may_move_mgmtdevs(const struct uevent *uevent)
{
	const char *subsystem = uevent->subsystem;

	if (str_equal(subsystem, "module"))
		return is_action(uevent, "add") || is_action(uevent, "remove");
	/* Drivers of any bus may register management devices, except those of vDPA devices. */
	return (is_action(uevent, "bind") || is_action(uevent, "unbind")) &&
	       !str_equal(subsystem, "vdpa") && !str_equal(subsystem, "virtio");
}

static bool is_news(const struct uevent *uevent, const struct driver_entry *entry)
{
	if (is_action(uevent, "add"))
		return !entry;
	if (is_action(uevent, "bind"))
		return !entry || !driver_entry_is(entry, uevent->driver);
	return entry && (entry->driver || is_action(uevent, "remove"));
}

static int take_dev(struct monitor *monitor, const struct uevent *uevent, struct err *err)
{
	const struct driver_entry *entry = driver_map_find(&monitor->devs, uevent->name);
	/* The kernel names the driver in "bind" events only, so remember it for "unbind". */
	const char *driver = is_action(uevent, "bind")		    ? uevent->driver
			     : is_action(uevent, "unbind") && entry ? entry->driver
								    : NULL;
	int ret;

	if (!is_action(uevent, "add") && !is_action(uevent, "remove") &&
	    !is_action(uevent, "bind") && !is_action(uevent, "unbind"))
		return 0;
	if (monitor->relisted && !is_news(uevent, entry))
		return 0;
	ret = report(monitor, uevent->action, "dev", uevent->name, driver, err);
	if (ret)
		return ret;
	if (is_action(uevent, "remove"))
		driver_map_remove(&monitor->devs, uevent->name);
	else
		ret = driver_map_put(&monitor->devs, uevent->name,
				     is_action(uevent, "bind") ? driver : NULL, err);
	return ret;
}

static int take(struct monitor *monitor, const struct uevent *uevent, struct err *err)
{
	if (may_move_mgmtdevs(uevent))
		look_soon(monitor);
	return str_equal(uevent->subsystem, "vdpa") ? take_dev(monitor, uevent, err) : 0;
}

/* How long to wait for the next event at most, in ms; negative: without limit. */
static int time_left(const struct monitor *monitor)
{
	int64_t left = monitor->next_look - clock_milliseconds();

	/* Events were lost: read those that arrived before, then list the rest at once. */
	if (monitor->lost)
		return 0;
	if (!monitor->looks)
		return -1;
	return left < 0 ? 0 : (int)left;
}

static int step(struct monitor *monitor, struct err *err)
{
	struct uevent uevent;
	int ret = uevents_receive(&monitor->uevents, time_left(monitor), &uevent, err);

	if (ret == -ENOBUFS) {
		monitor->lost = true;
		return 0;
	}
	/* Ctrl-C ends our reader and us: wait a moment for our signal before calling it an error.
	 */
	if (ret == -EPIPE && !poll(NULL, 0, 50))
		return err_set_status(err, STATUS_FAILED, EPIPE, "standard output: %s",
				      err_words(EPIPE));
	if (ret > 0)
		ret = take(monitor, &uevent, err);
	else if (!ret && monitor->lost)
		ret = relist(monitor, err);
	if (!ret && monitor->looks && monitor->next_look <= clock_milliseconds())
		ret = look(monitor, err);
	return ret == -EINTR ? 0 : ret;
}

static int first_list(struct monitor *monitor, struct err *err)
{
	int ret = list_mgmtdevs(monitor, LATE, &monitor->mgmtdevs, err);

	monitor->listed = ret > 0;
	if (!ret)
		report_stuck(monitor);
	return ret < 0 ? ret : 0;
}

/* A closed standard output cannot be watched for its reader; writing the first event fails. */
static bool is_open(int fd)
{
	struct pollfd file = { .fd = fd };

	return poll(&file, 1, 0) <= 0 || !(file.revents & POLLNVAL);
}

static void release(struct monitor *monitor)
{
	uevents_release(&monitor->uevents);
	mgmtdev_query_release(&monitor->query);
	driver_map_clear(&monitor->devs);
	driver_map_clear(&monitor->mgmtdevs);
}

int monitor(void *app, const void *args _unused_, struct err *err)
{
	_cleanup_(release) struct monitor monitor = { .app = app, .query = MGMTDEV_QUERY_INIT };
	int ret;

	/* Readers expect one document on each line. */
	monitor.app->out.pretty = false;
	guard_hold();
	guard_expect(true);
	/* Listen before the lists are read, so that no change falls between the two. */
	ret = uevents_open(&monitor.uevents, RECEIVE_SIZE, err);
	monitor.uevents.reader = is_open(STDOUT_FILENO) ? STDOUT_FILENO : -1;
	if (!ret)
		ret = list_devs(&monitor.devs, err);
	if (!ret)
		ret = first_list(&monitor, err);
	if (is_elsewhere(&monitor) || !monitor.listed)
		look_soon(&monitor);
	while (!ret && !guard_signal())
		ret = step(&monitor, err);
	/* Ctrl-C is the normal end of a monitor, not a failure. */
	if (guard_signal() == SIGINT || guard_signal() == SIGTERM)
		guard_forgive();
	guard_expect(false);
	guard_release();
	return guard_signal() ? 0 : ret;
}
