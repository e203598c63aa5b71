/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dev-attach.h"

#include "abi/vduse.h"
#include "bounded.h"
#include "explain.h"
#include "kernel.h"
#include "sysfs.h"
#include "vdpa-bus.h"

#include <errno.h>
#include <stdio.h>

/* Seconds. */
#define PATIENCE     2 /* until we say that we wait */
#define LIMIT_ATTACH 60
#define LIMIT_DETACH 15
#define LIMIT_ASK    1

#define PATH_SIZE 512

/* What a process of its own is to do. */
struct work {
	const char *name, *driver;
};

static void hint_stuck(struct err *err)
{
	err_hint(err, "its users wait for what nobody serves any more: start the program that "
		      "served it again; the kernel goes on by itself then, and this command can be "
		      "repeated");
}

static int do_attach(void *data, struct err *err)
{
	const struct work *work = data;

	return kernel_attach(work->name, err);
}

static int do_unbind(void *data, struct err *err)
{
	const struct work *work = data;

	return kernel_unbind(work->name, work->driver, err);
}

static int do_detach(void *data, struct err *err)
{
	const struct work *work = data;

	return kernel_detach(work->name, err);
}

/*
 * Runs @function to its end, @limit seconds at most, without limit if that is what the user wants.
 * @waits_for: who keeps it waiting.
 */
static int run(struct app *app, bounded_work *function, const struct work *work, int limit,
	       const char *tried, const char *waits_for, struct err *err)
{
	_cleanup_(bounded_release) struct bounded bounded = BOUNDED_INIT;
	int ret = bounded_start(&bounded, function, (void *)work, err);

	if (ret)
		return ret;
	ret = bounded_wait(&bounded, PATIENCE, err);
	if (ret != -ETIMEDOUT)
		return ret;
	tool_warn(app, "%s '%.300s': waiting for %s", tried, work->name, waits_for);
	ret = bounded_wait(&bounded, app->force ? -1 : limit - PATIENCE, err);
	if (ret == -ETIMEDOUT)
		err_set_status(err, STATUS_BUSY, ETIMEDOUT,
			       "%s '%.300s': the kernel still waits for %s after %d s", tried,
			       work->name, waits_for, limit);
	return ret;
}

/* Attaching */

int attach_check(const struct app *app, const char *name, struct err *err)
{
	if (app->force || !bus_gives_to_virtio())
		return 0;
	err_set(err, EBUSY,
		"attach '%.300s': no program serves it yet, and virtio_vdpa would wait for one",
		name);
	err_hint(err,
		 "add it without attach, start the program that serves it, then: vdpa dev add name "
		 "%s mgmtdev vduse; -f attaches all the same, and waits",
		 explain_name(name));
	return -EBUSY;
}

int attach(struct app *app, const char *name, struct err *err)
{
	const struct work work = { .name = name };

	return run(app, do_attach, &work, LIMIT_ATTACH, "attach",
		   bus_gives_to_virtio() ? "a program that serves it"
					 : "another request to the vdpa bus",
		   err);
}

/* Detaching */

/* Unbinding from vhost_vdpa waits until the node is closed, and no signal ends that. */
static int check_vhost(const struct app *app, const struct dev *dev, struct err *err)
{
	int ret = app->force ? 0 : bus_check_node(dev->name, err);

	if (ret)
		err_context(err, "detach '%.300s'", dev->name);
	return ret;
}

/*
 * A driver that began to let go of the device, and waits, is not linked to it any more; what it
 * made of the device still is there. Asking again would take the whole bus down with us.
 */
static int check_leaving(const struct dev *dev, struct err *err)
{
	char path[PATH_SIZE], virtio[64];

	snprintf(path, sizeof(path), "/sys/bus/vdpa/devices/%.300s", dev->name);
	if ((dev->present & BIT64(DEV_HAS_DRIVER)) ||
	    !sysfs_find(path, "virtio", virtio, sizeof(virtio)))
		return 0;
	err_set(err, EBUSY, "detach '%.300s': virtio_vdpa began to let go of it, and still waits",
		dev->name);
	hint_stuck(err);
	return -EBUSY;
}

/*
 * The driver resets a device when it lets go of it, and that message nobody answers. The device is
 * not to live on, so that a second is long enough.
 */
static bool wants_short_timeout(const struct dev *dev)
{
	return (dev->present & BIT64(DEV_HAS_DRIVER)) && dev->msg_timeout != 1;
}

static int unbind(struct app *app, const struct dev *dev, struct err *err)
{
	const struct work work = { .name = dev->name, .driver = dev->driver };
	char waits_for[128];
	int ret;

	snprintf(waits_for, sizeof(waits_for), "%s to let go of it", dev->driver);
	ret = run(app, do_unbind, &work, LIMIT_DETACH, "detach", waits_for, err);
	if (ret == -ETIMEDOUT)
		hint_stuck(err);
	return ret;
}

/*
 * By itself, unbinding keeps but this device waiting; as a part of taking it off the bus it would
 * keep everybody who uses the bus.
 */
static int take_off(struct app *app, const struct dev *dev, struct err *err)
{
	const struct work work = { .name = dev->name };
	int ret = dev->present & BIT64(DEV_HAS_DRIVER) ? unbind(app, dev, err) : 0;

	if (!ret)
		ret = run(app, do_detach, &work, LIMIT_DETACH, "detach",
			  "another request to the vdpa bus", err);
	/* Somebody else did it. */
	return ret == -ENODEV ? 0 : ret;
}

/* Without a way to ask the bus, a device would only lose its driver. */
static int check_bus(const struct dev *dev, struct err *err)
{
	int ret = attach_ask_mgmtdev(err);

	if (!ret || ret == -ETIMEDOUT)
		return 0;
	err_context(err, "detach '%.300s'", dev->name);
	return ret;
}

static int check_detach(const struct app *app, const struct dev *dev, struct err *err)
{
	int ret = check_vhost(app, dev, err);

	if (!ret)
		ret = check_leaving(dev, err);
	if (!ret && (dev->present & BIT64(DEV_HAS_DRIVER)))
		ret = check_bus(dev, err);
	return ret;
}

int detach(struct app *app, const struct dev *dev, struct err *err)
{
	int ret = check_detach(app, dev, err);
	struct err ignored;

	if (ret)
		return ret;
	if (!wants_short_timeout(dev))
		return take_off(app, dev, err);
	ret = kernel_set_msg_timeout(dev->name, 1, err);
	if (!ret)
		ret = take_off(app, dev, err);
	/* It lives on: whoever serves it next may need longer. */
	if (ret)
		kernel_set_msg_timeout(dev->name, dev->msg_timeout, &ignored);
	return ret;
}

/* Asking */

struct question {
	const struct list *devs;
	struct bus_facts *facts;
};

static int do_ask(void *data, struct err *err)
{
	const struct question *question = data;

	return kernel_bus_facts(question->devs, question->facts, err);
}

static bool is_any_attached(const struct list *devs)
{
	for (size_t i = 0; i < devs->count; i++)
		if (((const struct dev *)devs->items[i])->attached)
			return true;
	return false;
}

static void take(const struct list *devs, const struct bus_facts *facts)
{
	for (size_t i = 0; i < devs->count; i++) {
		struct dev *dev = devs->items[i];

		if (!facts[i].known || !dev->attached)
			continue;
		dev->type.id = facts[i].type;
		dev->vqs = facts[i].vqs;
		dev->present |= BIT64(DEV_HAS_TYPE) | BIT64(DEV_HAS_VQS);
	}
}

void attach_ask(struct app *app, const struct list *devs)
{
	_cleanup_(bounded_release) struct bounded bounded = BOUNDED_INIT;
	size_t size = devs->count * sizeof(struct bus_facts);
	struct question question = { .devs = devs };
	struct err err;
	int ret;

	if (!is_any_attached(devs))
		return;
	question.facts = bounded_memory(size);
	if (!question.facts)
		return;
	ret = bounded_start(&bounded, do_ask, &question, &err);
	if (!ret)
		ret = bounded_wait(&bounded, LIMIT_ASK, &err);
	if (ret == -ETIMEDOUT)
		tool_warn(app, "types are left out, because the vdpa bus does not answer: some "
			       "request to it waits");
	take(devs, question.facts);
	bounded_memory_free(question.facts, size);
}

static int do_find_mgmtdev(void *data _unused_, struct err *err)
{
	return kernel_find_mgmtdev(err);
}

int attach_ask_mgmtdev(struct err *err)
{
	_cleanup_(bounded_release) struct bounded bounded = BOUNDED_INIT;
	int ret = bounded_start(&bounded, do_find_mgmtdev, NULL, err);

	if (!ret)
		ret = bounded_wait(&bounded, LIMIT_ASK, err);
	if (ret == -ETIMEDOUT)
		err_set(err, ETIMEDOUT, "the vdpa bus does not answer: some request to it waits");
	return ret;
}
