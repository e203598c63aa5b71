/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Detaches a device from the vdpa bus, even if its driver waits for a program that is gone. */
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
#define WARN_AFTER    2 /* then report what we wait for */
#define GIVE_UP_AFTER 15

/* Milliseconds within which an unbinding driver sends its first request, or the next one. */
#define QUESTION_WAIT 500

/* The device that is being detached. */
struct detachment {
	struct caller *caller;
	const char *name;
	char driver[DRIVER_SIZE]; /* or empty */
	int node;		  /* open, so that nobody else can serve the device */
};

static bool is_vhost(const struct detachment *detachment)
{
	return str_equal(detachment->driver, VDPA_DRIVER_VHOST);
}

static void hint_stuck(const struct detachment *detachment, struct err *err)
{
	if (is_vhost(detachment))
		err_hint(err, "a process has its /dev/vhost-vdpa-N open: end that process, wait "
			      "until the kernel is done, and repeat this command");
	else
		err_hint(err,
			 "its users wait for a program that is gone: start the program that served "
			 "it again, wait until the kernel is done, and repeat this command");
}

/* Checks, before anything is changed */

/* Whether the virtio device that virtio_vdpa created for it still exists. */
static bool is_in_use(const struct detachment *detachment)
{
	char path[512], virtio[64];

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.300s", detachment->name);
	/* If that cannot be read, assume that it exists. */
	return sysfs_find(path, "virtio", virtio, sizeof(virtio)) != 0;
}

static int check_unbinding(const struct detachment *detachment, struct err *err)
{
	int ret = bus_check_leaving(detachment->name, err);

	/* The hint of this message recommends the command that is just running: replace it. */
	if (ret && is_in_use(detachment))
		hint_stuck(detachment, err);
	if (ret)
		err_context(err, "detach '%.300s'", detachment->name);
	return ret;
}

/*
 * Another process may be unbinding the device already. If its driver waits for the program that
 * serves the device, we answer in its place. If it waits for anything else, so would each request
 * of ours.
 */
static int finish_unbinding(struct detachment *detachment, struct err *err)
{
	struct pollfd node = { .fd = detachment->node, .events = POLLIN };
	int ret = check_unbinding(detachment, err);

	if (!ret)
		return 0;
	while (poll(&node, 1, QUESTION_WAIT) > 0 && node.revents & POLLIN)
		kernel_answer(detachment->node);
	return check_unbinding(detachment, err);
}

/* A waiting request may also come from a driver that begins to use the device: leave it alone. */
static int check_asked(const struct detachment *detachment, struct err *err)
{
	if (detachment->caller->force || !kernel_is_asked(detachment->node))
		return 0;
	err_set(err, EBUSY,
		"detach '%.300s': its driver waits for an answer of the program that serves it",
		detachment->name);
	err_hint(err, "start that program, or repeat this command after msg_timeout");
	return -EBUSY;
}

static int do_check_bus(void *data, struct err *err)
{
	return kernel_check_bus(data, err);
}

/* If we could not detach the device after unbinding it, it would only have lost its driver. */
static int check_bus(const struct detachment *detachment, struct err *err)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	int ret = worker_start(&worker, do_check_bus, (void *)detachment->name, err);

	if (!ret)
		ret = worker_wait(&worker, WARN_AFTER, err);
	if (ret != -ETIMEDOUT)
		return ret;
	caller_warn(detachment->caller,
		    "detach '%.300s': waiting for another request to the vdpa bus",
		    detachment->name);
	ret = worker_wait(&worker, detachment->caller->force ? -1 : GIVE_UP_AFTER - WARN_AFTER,
			  err);
	if (ret == -ETIMEDOUT)
		err_set_status(
			err, STATUS_BUSY, ETIMEDOUT,
			"detach '%.300s': timed out after %d s: another request blocks the vdpa "
			"bus; nothing was changed",
			detachment->name, GIVE_UP_AFTER);
	return ret;
}

/* Unbinding vhost_vdpa waits until its node is closed, and no signal ends that wait. */
static int check_vhost(const struct detachment *detachment, struct err *err)
{
	int ret = detachment->caller->force ? 0 : bus_check_node(detachment->name, err);

	if (ret)
		err_context(err, "detach '%.300s'", detachment->name);
	return ret;
}

static int check(struct detachment *detachment, struct err *err)
{
	int ret = finish_unbinding(detachment, err);

	if (!ret)
		ret = check_asked(detachment, err);
	if (!ret)
		ret = check_vhost(detachment, err);
	return ret ? ret : check_bus(detachment, err);
}

/* Unbinding and detaching */

static int do_unbind(void *data, struct err *err)
{
	const struct detachment *detachment = data;

	return kernel_unbind(detachment->name, detachment->driver, err);
}

/*
 * With -f: the driver waits for I/O that only the program can do. So close the node to let the
 * program have it, wait, and then try to open the node again: that fails if it still serves the
 * device.
 */
static int wait_for_program(struct detachment *detachment, struct worker *worker, struct err *err)
{
	int ret;

	if (is_vhost(detachment))
		return worker_wait(worker, -1, err);
	caller_warn(detachment->caller,
		    "detach '%.300s': %s still waits: start the program that served it again",
		    detachment->name, detachment->driver);
	worker->served = -1;
	chardev_close(&detachment->node);
	detachment->node = -1;
	ret = worker_wait(worker, -1, err);
	if (ret)
		return ret;
	detachment->node = kernel_hold(detachment->name, err);
	return detachment->node < 0 ? detachment->node : 0;
}

static int unbind(struct detachment *detachment, struct err *err)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	int ret;

	worker.served = detachment->node;
	worker.serve = kernel_answer;
	ret = worker_start(&worker, do_unbind, detachment, err);
	if (!ret)
		ret = worker_wait(&worker, WARN_AFTER, err);
	if (ret != -ETIMEDOUT)
		return ret;
	caller_warn(detachment->caller, "detach '%.300s': waiting for %s to let go of it",
		    detachment->name, detachment->driver);
	ret = worker_wait(&worker, GIVE_UP_AFTER - WARN_AFTER, err);
	if (ret == -ETIMEDOUT && detachment->caller->force)
		ret = wait_for_program(detachment, &worker, err);
	if (ret == -EINTR)
		err_hint(err, "the kernel cannot be stopped: %s lets go of it as soon as it can",
			 detachment->driver);
	if (ret != -ETIMEDOUT)
		return ret;
	err_set_status(
		err, STATUS_BUSY, ETIMEDOUT,
		"detach '%.300s': timed out after %d s: the kernel still waits for %s to let go "
		"of it",
		detachment->name, GIVE_UP_AFTER, detachment->driver);
	hint_stuck(detachment, err);
	return ret;
}

/*
 * DEV_DEL would unbind the device as well, but under the lock of the whole bus: a driver that waits
 * would block everybody. Unbinding through sysfs takes only the lock of this device. If /sys cannot
 * be written, vhost_vdpa is no problem: it waits for nothing, since nobody has its node open.
 */
static int unbind_driver(struct detachment *detachment, struct err *err)
{
	int ret;

	if (!kernel_driver(detachment->name, detachment->driver))
		return 0;
	ret = unbind(detachment, err);
	if ((ret == -EROFS || ret == -EACCES) && is_vhost(detachment))
		return 0;
	return ret;
}

static int do_detach(void *data, struct err *err)
{
	return kernel_detach(data, err);
}

/*
 * The bus has just answered, but a request of somebody else may have come in between. The kernel
 * carries ours out after that one, whether we wait or not. So wait, and keep the node until then.
 */
static int leave_bus(const struct detachment *detachment, struct err *err)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	int ret;

	worker.served = detachment->node;
	worker.serve = kernel_answer;
	ret = worker_start(&worker, do_detach, (void *)detachment->name, err);
	if (!ret)
		ret = worker_wait(&worker, WARN_AFTER, err);
	if (ret == -ETIMEDOUT) {
		caller_warn(
			detachment->caller,
			"detach '%.300s': waiting for another request to the vdpa bus; then it is "
			"detached, even if this command ends",
			detachment->name);
		ret = worker_wait(&worker, -1, err);
	}
	/* ENODEV: somebody else has detached it. */
	return ret == -ENODEV ? 0 : ret;
}

int detach(struct caller *caller, const char *name, struct err *err)
{
	struct detachment detachment = { .caller = caller, .name = name };
	int ret;

	detachment.node = kernel_hold(name, err);
	if (detachment.node < 0)
		return detachment.node;
	/* A signal ends our waits instead of killing us, so that a hint can say what goes on. */
	guard_hold();
	ret = check(&detachment, err);
	if (!ret)
		ret = unbind_driver(&detachment, err);
	if (!ret)
		ret = leave_bus(&detachment, err);
	guard_release();
	chardev_close(&detachment.node);
	if (ret == -EINTR)
		err_context(err, "detach '%.300s'", name);
	if (!ret)
		node_link_or_warn(name, caller);
	return ret;
}
