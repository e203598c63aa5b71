/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes a device off the vdpa bus, also from a driver that waits for an answer. */
#include "dev-detach.h"

#include "abi/vdpa.h"
#include "bus/vdpa-bus.h"
#include "bus/vdpa-node.h"
#include "sys/chardev.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "sys/worker.h"
#include "vduse/kernel/explain.h"
#include "vduse/kernel/kernel.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

/* Seconds. */
#define PATIENCE 2 /* until we say that we wait */
#define LIMIT	 15

/* Milliseconds that a driver which lets go needs until a question, or from one to the next. */
#define QUESTION_MAX 500

/* A device that is being taken off. */
struct leaver {
	struct caller *caller;
	const char *name;
	char driver[DRIVER_SIZE]; /* or empty */
	int node;		  /* open: nobody else serves the device */
};

static bool is_of_vhost(const struct leaver *leaver)
{
	return str_equal(leaver->driver, VDPA_DRIVER_VHOST);
}

static void hint_stuck(const struct leaver *leaver, struct err *err)
{
	if (is_of_vhost(leaver))
		err_hint(err, "some process has its /dev/vhost-vdpa-N open: end that process; the "
			      "kernel goes on by itself then, and this command can be repeated");
	else
		err_hint(err,
			 "its users wait for what nobody serves any more: start the program that "
			 "served it again; the kernel goes on by itself then, and this command can "
			 "be repeated");
}

/* Before */

/* Whether virtio_vdpa made a device of it that still is there. */
static bool is_in_use(const struct leaver *leaver)
{
	char path[512], virtio[64];

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.300s", leaver->name);
	/* Where there is no telling, it may be. */
	return sysfs_find(path, "virtio", virtio, sizeof(virtio)) != 0;
}

static int check_leaving(const struct leaver *leaver, struct err *err)
{
	int ret = bus_check_leaving(leaver->name, err);

	/* The way out that others are told is this command. */
	if (ret && is_in_use(leaver))
		hint_stuck(leaver, err);
	if (ret)
		err_context(err, "detach '%.300s'", leaver->name);
	return ret;
}

/*
 * Somebody else had the driver let go of the device. If it waits for whoever serves the device,
 * that is us now. If it waits for anything else, whatever we asked would wait with it.
 */
static int help_to_leave(struct leaver *leaver, struct err *err)
{
	struct pollfd node = { .fd = leaver->node, .events = POLLIN };
	int ret = check_leaving(leaver, err);

	if (!ret)
		return 0;
	while (poll(&node, 1, QUESTION_MAX) > 0 && node.revents & POLLIN)
		kernel_answer(leaver->node);
	return check_leaving(leaver, err);
}

/* A driver that begins to use the device waits here, too, and nobody would serve it after us. */
static int check_asked(const struct leaver *leaver, struct err *err)
{
	if (leaver->caller->force || !kernel_is_asked(leaver->node))
		return 0;
	err_set(err, EBUSY,
		"detach '%.300s': a driver of it waits for an answer of the program that serves it",
		leaver->name);
	err_hint(err, "start that program, or repeat this when msg_timeout is over");
	return -EBUSY;
}

static int do_check_bus(void *data, struct err *err)
{
	return kernel_check_bus(data, err);
}

/* Without the right or the way to ask the bus, a device would only lose its driver. */
static int check_bus(const struct leaver *leaver, struct err *err)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	int ret = worker_start(&worker, do_check_bus, (void *)leaver->name, err);

	if (!ret)
		ret = worker_wait(&worker, PATIENCE, err);
	if (ret != -ETIMEDOUT)
		return ret;
	caller_warn(leaver->caller, "detach '%.300s': waiting for another request to the vdpa bus",
		    leaver->name);
	ret = worker_wait(&worker, leaver->caller->force ? -1 : LIMIT - PATIENCE, err);
	if (ret == -ETIMEDOUT)
		err_set_status(err, STATUS_BUSY, ETIMEDOUT,
			       "detach '%.300s': another request holds the vdpa bus for %d s now; "
			       "nothing was changed",
			       leaver->name, LIMIT);
	return ret;
}

/* Letting go of it would wait until its node is closed, and no signal ends that. */
static int check_vhost(const struct leaver *leaver, struct err *err)
{
	int ret = leaver->caller->force ? 0 : bus_check_node(leaver->name, err);

	if (ret)
		err_context(err, "detach '%.300s'", leaver->name);
	return ret;
}

static int check(struct leaver *leaver, struct err *err)
{
	int ret = help_to_leave(leaver, err);

	if (!ret)
		ret = check_asked(leaver, err);
	if (!ret)
		ret = check_vhost(leaver, err);
	return ret ? ret : check_bus(leaver, err);
}

/* Letting go */

static int do_unbind(void *data, struct err *err)
{
	const struct leaver *leaver = data;

	return kernel_unbind(leaver->name, leaver->driver, err);
}

/*
 * With -f: what the driver still waits for only the program can do that served the device, so it
 * may have the node. Whether it came, and serves the device now, is seen afterwards.
 */
static int wait_for_program(struct leaver *leaver, struct worker *worker, struct err *err)
{
	int ret;

	if (is_of_vhost(leaver))
		return worker_wait(worker, -1, err);
	caller_warn(leaver->caller,
		    "detach '%.300s': %s still waits: start the program that served it again",
		    leaver->name, leaver->driver);
	worker->served = -1;
	chardev_close(&leaver->node);
	leaver->node = -1;
	ret = worker_wait(worker, -1, err);
	if (ret)
		return ret;
	leaver->node = kernel_hold(leaver->name, err);
	return leaver->node < 0 ? leaver->node : 0;
}

static int unbind(struct leaver *leaver, struct err *err)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	int ret;

	worker.served = leaver->node;
	worker.serve = kernel_answer;
	ret = worker_start(&worker, do_unbind, leaver, err);
	if (!ret)
		ret = worker_wait(&worker, PATIENCE, err);
	if (ret != -ETIMEDOUT)
		return ret;
	caller_warn(leaver->caller, "detach '%.300s': waiting for %s to let go of it", leaver->name,
		    leaver->driver);
	ret = worker_wait(&worker, LIMIT - PATIENCE, err);
	if (ret == -ETIMEDOUT && leaver->caller->force)
		ret = wait_for_program(leaver, &worker, err);
	if (ret == -EINTR)
		err_hint(err, "the kernel cannot be stopped: %s lets go of it as soon as it can",
			 leaver->driver);
	if (ret != -ETIMEDOUT)
		return ret;
	err_set_status(err, STATUS_BUSY, ETIMEDOUT,
		       "detach '%.300s': the kernel still waits for %s to let go of it after %d s",
		       leaver->name, leaver->driver, LIMIT);
	hint_stuck(leaver, err);
	return ret;
}

/*
 * By itself, unbinding keeps but this device waiting; as a part of taking it off the bus it would
 * keep everybody who uses the bus. Where /sys cannot be written, vhost_vdpa lets go at once all the
 * same, since nobody has its node open.
 */
static int let_go(struct leaver *leaver, struct err *err)
{
	int ret;

	if (!kernel_driver(leaver->name, leaver->driver))
		return 0;
	ret = unbind(leaver, err);
	if ((ret == -EROFS || ret == -EACCES) && is_of_vhost(leaver))
		return 0;
	return ret;
}

static int do_detach(void *data, struct err *err)
{
	return kernel_detach(data, err);
}

/*
 * The bus has just answered. If a request of others came between all the same, the kernel carries
 * ours out behind it, whether we wait or not; so we wait, and keep the programs out until then.
 */
static int take_off(const struct leaver *leaver, struct err *err)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	int ret;

	worker.served = leaver->node;
	worker.serve = kernel_answer;
	ret = worker_start(&worker, do_detach, (void *)leaver->name, err);
	if (!ret)
		ret = worker_wait(&worker, PATIENCE, err);
	if (ret == -ETIMEDOUT) {
		caller_warn(
			leaver->caller,
			"detach '%.300s': waiting for another request to the vdpa bus; then it is "
			"detached, even if this command is ended",
			leaver->name);
		ret = worker_wait(&worker, -1, err);
	}
	/* Somebody else did it. */
	return ret == -ENODEV ? 0 : ret;
}

int detach(struct caller *caller, const char *name, struct err *err)
{
	struct leaver leaver = { .caller = caller, .name = name };
	int ret;

	leaver.node = kernel_hold(name, err);
	if (leaver.node < 0)
		return leaver.node;
	/* A signal ends the waits, and what the kernel may still do is said then. */
	guard_hold();
	ret = check(&leaver, err);
	if (!ret)
		ret = let_go(&leaver, err);
	if (!ret)
		ret = take_off(&leaver, err);
	guard_release();
	chardev_close(&leaver.node);
	if (ret == -EINTR)
		err_context(err, "detach '%.300s'", name);
	if (!ret)
		node_link_or_warn(name, caller);
	return ret;
}
