/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa monitor". */
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

/* What may wait for us, in bytes: about two thousand events. */
#define RECEIVE_SIZE (1 << 20)

/*
 * The kernel does not tell of management devices, only of what their drivers do. Most are there
 * when the event is; some drivers register theirs later, when the device has started. So the list
 * is read at the event, and then so often again, after a pause that is twice as long each time: 6 s
 * in all.
 */
#define LOOKS_AGAIN 6
#define FIRST_PAUSE 100 /* ms */

/*
 * How long the kernel is waited for: it mostly answers at once. When it does not, events go on, and
 * after a while we say so and see later whether it has.
 */
#define MOMENT	   100	/* ms, for events that come meanwhile */
#define LATE	   2000 /* ms until it counts as stuck */
#define WHEN_STUCK 500	/* ms between two looks then */

struct monitor {
	struct app *app;
	struct uevents uevents;
	struct driver_map devs, mgmtdevs;
	struct mgmtdev_query query;
	bool listed;	    /* the management devices were, once */
	bool stuck;	    /* the kernel does not answer, and that was said */
	unsigned int looks; /* for management devices, that are left */
	int64_t next_look;  /* ms */
	int pause;	    /* behind it, ms */
	bool lost;	    /* events were, and the lists were not read since */
	bool relisted;	    /* what was found so may come as an event as well */
	bool absent;	    /* the kernel has no list of management devices, here or at all */
	bool told_absent;
};

static int tell(struct monitor *monitor, const char *what, const char *object, const char *name,
		const char *driver, struct err *err)
{
	struct event event = { .event = what, .object = object, .name = name, .driver = driver };
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

	/* Without /sys that would be an error, and events come all the same. */
	if (!ret && list.count)
		ret = topology_drivers(&list, err);
	for (size_t i = 0; !ret && i < list.count; i++) {
		const struct dev *dev = list.items[i];

		ret = driver_map_put(devs, dev->name, dev->topology.driver, err);
	}
	return ret;
}

/* Returns 1, 0 where the kernel has not answered yet, or a negative errno with @err filled. */
static int list_mgmtdevs(struct monitor *monitor, int milliseconds, struct driver_map *mgmtdevs,
			 struct err *err)
{
	int ret = mgmtdev_query(&monitor->query, milliseconds, mgmtdevs, err);

	monitor->absent = ret == -ENOENT && err->status == STATUS_NOT_SUPPORTED;
	return monitor->absent ? 1 : ret;
}

/* The kernel keeps it waiting as it does all others who ask; neither /sys nor /proc need it. */
static void tell_stuck(struct monitor *monitor)
{
	struct err err = { 0 };

	if (monitor->stuck || clock_milliseconds() - monitor->query.since < LATE)
		return;
	monitor->stuck = true;
	hint_who_is_in_the_way(&err);
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

static int tell_gone(void *data, const struct driver_entry *old)
{
	const struct difference *difference = data;
	struct monitor *monitor = difference->monitor;
	int ret = 0;

	if (driver_map_find(difference->others, old->name))
		return 0;
	if (old->driver)
		ret = tell(monitor, "unbind", difference->object, old->name, old->driver,
			   difference->err);
	return ret ? ret
		   : tell(monitor, "remove", difference->object, old->name, NULL, difference->err);
}

static int tell_come(void *data, const struct driver_entry *fresh)
{
	const struct difference *difference = data;
	const struct driver_entry *old = driver_map_find(difference->others, fresh->name);
	struct monitor *monitor = difference->monitor;
	int ret = 0;

	if (old && driver_entry_is(old, fresh->driver))
		return 0;
	if (!old)
		ret = tell(monitor, "add", difference->object, fresh->name, NULL, difference->err);
	else if (old->driver)
		ret = tell(monitor, "unbind", difference->object, old->name, old->driver,
			   difference->err);
	if (!ret && fresh->driver)
		ret = tell(monitor, "bind", difference->object, fresh->name, fresh->driver,
			   difference->err);
	return ret;
}

/* Tells what differs, and makes @fresh the list that was seen; what was known is left in its place.
 */
static int update(struct monitor *monitor, const char *object, struct driver_map *seen,
		  struct driver_map *fresh, struct err *err)
{
	struct difference gone = { monitor, object, fresh, err },
			  come = { monitor, object, seen, err };
	struct driver_map swap = *seen;
	int ret = driver_map_each(seen, tell_gone, &gone);

	if (!ret)
		ret = driver_map_each(fresh, tell_come, &come);
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

/* Not at the first looks: while its module is loaded, the bus is there before the list. */
static void tell_elsewhere(struct monitor *monitor)
{
	if (monitor->told_absent || monitor->looks >= LOOKS_AGAIN || !is_elsewhere(monitor))
		return;
	monitor->told_absent = true;
	tool_warn(monitor->app,
		  "management devices are left out: the kernel speaks of them in the initial "
		  "network namespace only, and tells of no device at all in one that belongs to "
		  "a user namespace");
}

/* What was there before the first list came is no news. */
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
		tell_stuck(monitor);
		monitor->next_look = clock_milliseconds() + WHEN_STUCK;
		return 0;
	}
	if (ret > 0)
		ret = take_list(monitor, &fresh, err);
	monitor->looks--;
	tell_elsewhere(monitor);
	monitor->next_look = clock_milliseconds() + monitor->pause;
	monitor->pause *= 2;
	return ret;
}

static int relist(struct monitor *monitor, struct err *err)
{
	_cleanup_(driver_map_clear) struct driver_map fresh = { 0 };
	int ret;

	tool_warn(monitor->app, "events were lost, since more came than could be taken; what "
				"follows is what differs now");
	monitor->lost = false;
	monitor->relisted = true;
	look_soon(monitor);
	ret = list_devs(&fresh, err);
	return ret ? ret : update(monitor, "dev", &monitor->devs, &fresh, err);
}

/* Events */

static bool is(const struct uevent *uevent, const char *action)
{
	return str_equal(uevent->action, action);
}

static bool may_move_mgmtdevs(const struct uevent *uevent)
{
	const char *subsystem = uevent->subsystem;

	if (str_equal(subsystem, "module"))
		return is(uevent, "add") || is(uevent, "remove");
	/* Any bus may have drivers with management devices, but for those behind them. */
	return (is(uevent, "bind") || is(uevent, "unbind")) && !str_equal(subsystem, "vdpa") &&
	       !str_equal(subsystem, "virtio");
}

static bool is_news(const struct uevent *uevent, const struct driver_entry *entry)
{
	if (is(uevent, "add"))
		return !entry;
	if (is(uevent, "bind"))
		return !entry || !driver_entry_is(entry, uevent->driver);
	return entry && (entry->driver || is(uevent, "remove"));
}

static int take_dev(struct monitor *monitor, const struct uevent *uevent, struct err *err)
{
	const struct driver_entry *entry = driver_map_find(&monitor->devs, uevent->name);
	/* The kernel names the driver of one that is bound, but not what it is unbound from. */
	const char *driver = is(uevent, "bind")		     ? uevent->driver
			     : is(uevent, "unbind") && entry ? entry->driver
							     : NULL;
	int ret;

	if (!is(uevent, "add") && !is(uevent, "remove") && !is(uevent, "bind") &&
	    !is(uevent, "unbind"))
		return 0;
	if (monitor->relisted && !is_news(uevent, entry))
		return 0;
	ret = tell(monitor, uevent->action, "dev", uevent->name, driver, err);
	if (ret)
		return ret;
	if (is(uevent, "remove"))
		driver_map_remove(&monitor->devs, uevent->name);
	else
		ret = driver_map_put(&monitor->devs, uevent->name,
				     is(uevent, "bind") ? driver : NULL, err);
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

	/* All that came before what was lost comes first. */
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
	/* Who ends our reader may end us as well, and our parent hears of that a moment later. */
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
		tell_stuck(monitor);
	return ret < 0 ? ret : 0;
}

/* A closed standard output has no reader that could go: the first event that is written fails. */
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

	/* A document a line. */
	monitor.app->out.pretty = false;
	guard_hold();
	guard_expect(true);
	/* What happens from now on comes as an event, whether the lists hold it already or not. */
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
	/* Ctrl-C is how a monitor ends. */
	if (guard_signal() == SIGINT || guard_signal() == SIGTERM)
		guard_forgive();
	guard_expect(false);
	guard_release();
	return guard_signal() ? 0 : ret;
}
