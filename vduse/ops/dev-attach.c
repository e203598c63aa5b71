/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaches a device to the vdpa bus and binds it; asks the bus about attached devices. */
#include "dev-attach.h"

#include "abi/vdpa.h"
#include "abi/vduse.h"
#include "base/list.h"
#include "bus/vdpa-autoprobe.h"
#include "bus/vdpa-bus.h"
#include "bus/vdpa-node.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "sys/worker.h"
#include "vduse/kernel/explain.h"
#include "vduse/kernel/kernel.h"

#include <errno.h>
#include <stdio.h>

/* Seconds. */
#define WARN_AFTER     2 /* then report what we wait for */
#define GIVE_UP_ATTACH 60
#define GIVE_UP_ASK    1

struct request {
	const char *name, *driver;
};

static int do_attach(void *data, struct err *err)
{
	const struct request *request = data;

	return kernel_attach(request->name, err);
}

static int do_bind(void *data, struct err *err)
{
	const struct request *request = data;

	return kernel_bind(request->name, request->driver, err);
}

static int do_find_mgmtdev(void *data _unused_, struct err *err)
{
	return kernel_find_mgmtdev(err);
}

/* Whether virtio_vdpa is going to take the device. */
static bool goes_to_virtio(const char *driver)
{
	return driver ? str_equal(driver, VDPA_DRIVER_VIRTIO) : bus_gives_to_virtio();
}

/* Attaching */

/*
 * Attaching as such sends nothing to the program. But virtio_vdpa sends its first request as soon
 * as it takes the device, and waits for the answer up to msg_timeout; the kernel then reads the
 * partitions of a disk, and waits for that without limit. vhost_vdpa sends nothing until its node
 * is opened.
 */
int attach_check(const struct caller *caller, const char *name, const char *driver, struct err *err)
{
	if (driver && !str_equal(driver, "none") && kernel_check_driver(name, driver, err))
		return -err->code;
	if (caller->force || !goes_to_virtio(driver))
		return 0;
	err_set(err, EBUSY,
		"attach '%.300s': no program serves it yet, and virtio_vdpa would wait for one",
		name);
	err_hint(err,
		 "add it without attach, start the program that serves it, then: vdpa dev add name "
		 "%s mgmtdev vduse; -f attaches it anyway, and waits",
		 explain_name(name));
	return -EBUSY;
}

/* Whether a process is running rather than waiting: field 3 of proc_pid_stat(5). */
static bool is_running(pid_t pid)
{
	char path[64], text[512];
	const char *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (sysfs_read(path, text, sizeof(text)) <= 0)
		return false;
	end = strrchr(text, ')');
	return end && end[1] && end[2] == 'R';
}

static const char *reason_to_wait(const struct worker *worker, const char *driver)
{
	if (goes_to_virtio(driver))
		return "a program that serves it";
	return is_running(worker->pid) ? "the kernel to set it up"
				       : "another request to the vdpa bus";
}

static int run_request(struct caller *caller, worker_function *function, struct request *request,
		       struct err *err)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	const char *awaited;
	int ret = guard_check(err);

	if (!ret)
		ret = worker_start(&worker, function, request, err);
	if (!ret)
		ret = worker_wait(&worker, WARN_AFTER, err);
	if (ret != -ETIMEDOUT)
		return ret;
	awaited = reason_to_wait(&worker, request->driver);
	caller_warn(caller, "attach '%.300s': waiting for %s", request->name, awaited);
	ret = worker_wait(&worker, caller->force ? -1 : GIVE_UP_ATTACH - WARN_AFTER, err);
	if (ret == -ETIMEDOUT)
		err_set_status(
			err, STATUS_BUSY, ETIMEDOUT,
			"attach '%.300s': timed out after %d s: the kernel still waits for %s",
			request->name, GIVE_UP_ATTACH, awaited);
	return ret;
}

/* Puts the device on the bus, with autoprobe off so that no other driver takes it. */
static int attach_locked(struct caller *caller, struct request *request, const char *driver,
			 struct err *err)
{
	struct request ping = { .name = request->name, .driver = "none" };
	struct autoprobe autoprobe = AUTOPROBE_INIT;
	int ret = autoprobe_lock(&autoprobe, driver, err);
	struct err why;

	/* Autoprobe may have been off for another command when this was checked before. */
	if (!ret)
		ret = attach_check(caller, request->name, request->driver, err);
	/*
	 * Autoprobe is one switch for the whole host. Were the bus stuck while it is off, no device
	 * of the host would get its driver: so first wait until the bus answers.
	 */
	if (!ret && autoprobe.control >= 0)
		ret = run_request(caller, do_find_mgmtdev, &ping, err);
	if (!ret)
		ret = autoprobe_off(&autoprobe, err);
	if (!ret)
		ret = run_request(caller, do_attach, request, err);
	if (autoprobe_release(&autoprobe, request->name, &why) && !ret) {
		*err = why;
		ret = -err->code;
	}
	return ret;
}

/* Binds the device. If the driver refuses it, takes the device off the bus again. */
static int bind_attached(struct caller *caller, struct request *request, struct err *err)
{
	struct err why;
	int ret = run_request(caller, do_bind, request, err);

	if (!ret || ret == -ETIMEDOUT || !kernel_detach(request->name, &why))
		return ret;
	err_append(err, "; and %.500s", why.text);
	return ret;
}

int attach(struct caller *caller, const char *name, const char *driver, struct err *err)
{
	const bool none = driver && str_equal(driver, "none");
	struct request request = { .name = name, .driver = driver };
	int ret = attach_locked(caller, &request,
				!driver ? AUTOPROBE_ANY
				: none	? NULL
					: driver,
				err);

	if (!ret && driver && !none)
		ret = bind_attached(caller, &request, err);
	if (ret && !str_starts(err->text, "attach "))
		err_context(err, "attach '%.300s'", name);
	if (!ret)
		node_link_or_warn(name, caller);
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

static void apply_facts(const struct list *devs, const struct bus_facts *facts)
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

void attach_fill_types(struct caller *caller, const struct list *devs)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	size_t size = devs->count * sizeof(struct bus_facts);
	struct question question = { .devs = devs };
	struct err err;
	int ret;

	if (!is_any_attached(devs))
		return;
	question.facts = worker_memory(size);
	if (!question.facts)
		return;
	ret = worker_start(&worker, do_ask, &question, &err);
	if (!ret)
		ret = worker_wait(&worker, GIVE_UP_ASK, &err);
	if (ret == -ETIMEDOUT)
		caller_warn(caller,
			    "types are left out, because the vdpa bus does not answer: another "
			    "request to it is stuck");
	/* ENODEV: it was detached in the meantime, and so has no type any more. */
	else if (ret && ret != -ENODEV)
		caller_warn(caller, "types are left out, because the vdpa bus cannot be asked: %s",
			    err.text);
	apply_facts(devs, question.facts);
	worker_memory_free(question.facts, size);
}

int attach_check_mgmtdev(struct err *err)
{
	_cleanup_(worker_release) struct worker worker = WORKER_INIT;
	int ret = worker_start(&worker, do_find_mgmtdev, NULL, err);

	if (!ret)
		ret = worker_wait(&worker, GIVE_UP_ASK, err);
	if (ret == -ETIMEDOUT)
		err_set(err, ETIMEDOUT,
			"the vdpa bus does not answer: another request to it is stuck");
	return ret;
}
