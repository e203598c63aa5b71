/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Creates a device, binds it and waits for it; a failure deletes it again. */
#include "dev-add.h"

#include "base/escape.h"
#include "base/list.h"
#include "bus/vdpa-autoprobe.h"
#include "bus/vdpa-bus.h"
#include "bus/vdpa-node.h"
#include "dev-add-checks.h"
#include "dev-ensure.h"
#include "precheck.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "vdpa/kernel/bind.h"
#include "vdpa/kernel/explain.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/model/settings.h"
#include "virtio/features.h"

#include <errno.h>
#include <stdio.h>

#define NAMES_SIZE 512

/* Another program may create and delete the device while we look: look at most so often. */
#define TRIES 10

/* Receive buffer for the events that arrive while the device is created and bound: bytes. */
#define WAIT_BUFFER_SIZE (1 << 20)

/* Resolves and checks the words that depend on the management device. */
static int prepare(struct session *session, struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	int ret = kernel_mgmtdev(&session->nl, &dev->mgmtdev.value, &list, err);

	return ret ? ret : add_resolve(session->caller, dev, list.items[0], err);
}

/* The hint may be copied into a shell, so it shows no name that the shell would take apart. */
static void hint_del(struct err *err, const char *name)
{
	if (escape_is_plain(name))
		err_hint(err, "vdpa dev del %s", name);
	else
		err_hint(err, "delete that one first");
}

/*
 * vp_vdpa remembers one device for each PCI function, but never refuses a second one. After that,
 * deleting either removes the wrong one, and the next deletion crashes the kernel with the family
 * locked. No kernel has fixed this, so we refuse the second device; the other drivers of PCI cards
 * can have only one anyway.
 */
static int check_only_one(struct session *session, const struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	int ret;

	if (session->caller->force || !str_equal(dev->mgmtdev.value.bus, "pci"))
		return 0;
	ret = kernel_devs(&session->nl, &list, err);
	for (size_t i = 0; !ret && i < list.count; i++) {
		const struct dev *other = list.items[i];

		if (!handle_matches(&dev->mgmtdev.value, other->mgmtdev))
			continue;
		ret = err_set(err, str_equal(other->name, dev->name) ? EEXIST : EBUSY,
			      "add '%s' to '%s': it has room for one device and holds '%s'",
			      dev->name, other->mgmtdev, other->name);
		hint_del(err, other->name);
	}
	return ret;
}

/* Deletes the device that we have just created, and appends the result to @err. */
static int undo(struct session *session, const struct dev_new *dev, struct err *err)
{
	struct err why;

	if (kernel_dev_undo(&session->nl, dev->name, &why))
		err_append(err, "; and it could not be deleted again: %.500s", why.text);
	else
		err_append(err, "; it was deleted again");
	node_link_or_warn(dev->name, session->caller);
	return -err->code;
}

/* Reads the features back: some drivers accept a mask and then offer less (mlx5_vdpa, ifcvf). */
static int check_result(struct session *session, const struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	const struct config *config;
	uint64_t different;
	char names[NAMES_SIZE];
	int ret;

	if (!dev->device_features.set)
		return 0;
	ret = kernel_config(&session->nl, dev->name, &list, err);
	config = ret ? NULL : list.items[0];
	/* If the kernel does not describe this type of device, there is nothing to compare with. */
	if (ret == -EOPNOTSUPP || (!ret && !(config->present & BIT64(CONFIG_HAS_FEATURES))))
		return 0;
	if (ret)
		return ret;
	different = config->features.bits ^ dev->device_features.value.bits;
	if (!different)
		return 0;
	virtio_features_format(different, dev->device_features.value.type, names, sizeof(names));
	return err_set(err, EOPNOTSUPP,
		       "add '%s' to '%s': the device differs from device_features in %s", dev->name,
		       dev->mgmtdev.value.text, names);
}

/* Two runs at a time must not both find the same PCI function empty: see check_only_one(). */
static int lock_mgmtdev(const struct handle *mgmtdev, int *lock, struct err *err)
{
	return str_equal(mgmtdev->bus, "pci")
		       ? sysfs_lock("/sys/bus/pci/drivers_probe", false, lock, err)
		       : 0;
}

/* The driver */

static struct node_rights rights_of(const struct dev_new *dev)
{
	return (struct node_rights){ .owner = dev->owner, .group = dev->group, .mode = dev->mode };
}

/* Finds failures of binding and waiting before the device is created. */
static int check_driver(const struct dev_new *dev, struct err *err)
{
	int ret = bind_check(driver_name(&dev->driver), err);

	if (!ret && dev->wait.set)
		ret = sysfs_check(err);
	if (ret)
		err_context(err, "add '%s'", dev->name);
	return ret;
}

static int check_busy(struct session *session, const struct dev_new *dev, struct err *err)
{
	int ret = 0;

	if (!session->caller->force && str_equal(dev->mgmtdev.value.text, "vduse"))
		ret = precheck_vduse(dev->name, dev->driver.name, err);
	if (ret)
		err_context(err, "add '%s'", dev->name);
	return ret;
}

/* The caller holds the lock, so the driver that the bus would choose cannot change any more. */
static int add_locked(struct session *session, const struct dev_new *dev,
		      struct autoprobe *autoprobe, struct err *err)
{
	int ret = check_busy(session, dev, err);

	/*
	 * Autoprobe is a setting of the whole host, and we switch it off while the device is
	 * created. If the kernel is stuck, it would stay off for as long; and a device that another
	 * request has begun to create would get no driver. So wait for our turn before.
	 */
	if (!ret && autoprobe->control >= 0 && kernel_await_turn(&session->nl, err))
		ret = explain_add(err, dev, NULL);
	if (!ret)
		ret = guard_check(err);
	if (!ret)
		ret = autoprobe_off(autoprobe, err);
	return ret ? ret : kernel_dev_add(&session->nl, dev, err);
}

/* Creates the device; if a driver is asked for, the bus must not bind another one first. */
static int add_unbound(struct session *session, const struct dev_new *dev, bool *created,
		       struct err *err)
{
	const char *driver = dev->driver.name ? driver_name(&dev->driver) : AUTOPROBE_ANY;
	struct autoprobe autoprobe = AUTOPROBE_INIT;
	struct err why;
	int ret = autoprobe_lock(&autoprobe, driver, err);

	if (ret)
		err_context(err, "add '%s'", dev->name);
	else
		ret = add_locked(session, dev, &autoprobe, err);
	*created = !ret;
	if (autoprobe_release(&autoprobe, dev->name, &why) && !ret) {
		*err = why;
		err_context(err, "add '%s'", dev->name);
		ret = -err->code;
	}
	return ret;
}

static int bind_and_wait(struct session *session, const struct dev_new *dev,
			 struct uevents *uevents, struct err *err)
{
	const char *name = dev->name, *driver = driver_name(&dev->driver);
	int ret = 0;

	if (dev->driver.name && !session->caller->force)
		ret = precheck_bind(name, dev->driver.name, err);
	if (!ret && dev->driver.name)
		ret = bind_set(name, driver, err);
	if (!ret && dev->wait.set)
		ret = bind_wait(uevents, name, driver, dev->wait.value, err);
	if (ret)
		err_context(err, "bind '%s'", name);
	return ret;
}

/* Completes a device that exists: its driver, its node and the link to the node. */
static int finish(struct session *session, const struct dev_new *dev, struct uevents *uevents,
		  struct err *err)
{
	const struct node_rights rights = rights_of(dev);
	int ret = bind_and_wait(session, dev, uevents, err);

	if (!ret && node_rights_given(&rights)) {
		ret = node_rights_set(dev->name, &rights, err);
		if (ret)
			err_context(err, "node of '%s'", dev->name);
	}
	if (!ret)
		node_link_or_warn(dev->name, session->caller);
	return ret;
}

/* Handles a device that exists already: if it matches, it gets the driver that it may lack. */
static int ensure(struct session *session, const struct dev_new *dev, struct uevents *uevents,
		  struct dev_added *added, struct err *err)
{
	int ret = ensure_same(session, dev, err);
	char driver[BIND_DRIVER_SIZE];

	if (ret == -EEXIST && !err->hint[0])
		hint_del(err, dev->name);
	/* A device with another driver differs, and ensure_same() has refused it. */
	added->action =
		driver_name(&dev->driver) && !bind_current(dev->name, driver) ? "bind" : "same";
	return ret ? ret : finish(session, dev, uevents, err);
}

/* Creates the device and completes it. A failure or a signal after that deletes it again. */
static int add_new(struct session *session, const struct dev_new *dev, struct uevents *uevents,
		   struct err *err)
{
	int ret = check_only_one(session, dev, err);
	bool created = false;

	if (!ret)
		ret = add_unbound(session, dev, &created, err);
	if (!created)
		return ret;
	if (!ret)
		ret = check_result(session, dev, err);
	if (!ret)
		ret = finish(session, dev, uevents, err);
	if (!ret && guard_commit(err)) {
		err_context(err, "add '%s'", dev->name);
		ret = -EINTR;
	}
	/* ENODEV: another program has deleted it. If it is there now, it is not ours to delete. */
	return !ret || ret == -ENODEV ? ret : undo(session, dev, err);
}

/*
 * A name that exists is never sent: after the kernel's EEXIST, vp_vdpa keeps a pointer to memory
 * that it has freed, and the next deletion crashes the kernel.
 */
static int refuse_existing(const struct dev_new *dev, struct err *err)
{
	err_set(err, EEXIST, "%s", err_words(EEXIST));
	return explain_add(err, dev, NULL);
}

/* With "ensure", look again if another program created or deleted the device in between. */
static int add_or_ensure(struct session *session, const struct dev_new *dev,
			 struct uevents *uevents, struct dev_added *added, struct err *err)
{
	int ret = 0;

	for (int i = 0; i < TRIES; i++) {
		bool there = bus_has(dev->name);

		if (there && !dev->ensure)
			return refuse_existing(dev, err);
		added->action = "add";
		ret = there ? ensure(session, dev, uevents, added, err)
			    : add_new(session, dev, uevents, err);
		if (!dev->ensure || ret != (there ? -ENODEV : -EEXIST))
			break;
	}
	return ret;
}

static int run(struct session *session, struct dev_new *dev, struct uevents *uevents,
	       struct dev_added *added, struct err *err)
{
	_cleanup_close_ int lock = -1;
	bool there = dev->ensure && bus_has(dev->name);
	int ret = add_check_words(dev, err);

	if (!ret)
		ret = kernel_check_dev_new(&session->nl, dev, err);
	if (!ret)
		ret = lock_mgmtdev(&dev->mgmtdev.value, &lock, err);
	/* A device that exists may not need the driver to be bound: bind_set() checks it later. */
	if (!ret && !there)
		ret = check_driver(dev, err);
	if (!ret && add_needs_mgmtdev(dev))
		ret = prepare(session, dev, err);
	if (!ret && !there)
		ret = add_check_queues(session, dev, err);
	/* Listen before the device is created, so that no event is missed. */
	if (!ret && dev->wait.set)
		ret = uevents_open(uevents, WAIT_BUFFER_SIZE, err);
	return ret ? ret : add_or_ensure(session, dev, uevents, added, err);
}

int dev_add(struct session *session, const struct dev_new *wanted, struct dev_added *added,
	    struct err *err)
{
	_cleanup_(uevents_release) struct uevents uevents = { .fd = -1 };
	/* A copy: its features are filled in once the management device is known. */
	struct dev_new dev = *wanted;
	int ret;

	guard_hold();
	ret = run(session, &dev, &uevents, added, err);
	guard_release();
	return ret;
}
