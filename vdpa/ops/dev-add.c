/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa dev add": creates a device, binds it, waits for it, and undoes that. */
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

/* How often a device that comes and goes is looked at again. */
#define TRIES 10

/* Bytes of events that may come while the device is made and bound. */
#define WAIT_BUFFER_SIZE (1 << 20)

/* What the command line leaves open, and the checks for which the management device is asked. */
static int prepare(struct session *session, struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	int ret = kernel_mgmtdev(&session->nl, &dev->mgmtdev.value, &list, err);

	return ret ? ret : add_resolve(session->caller, dev, list.items[0], err);
}

/* A command to copy must not delete another device: names that a shell would take apart get none.
 */
static void hint_del(struct err *err, const char *name)
{
	if (escape_is_plain(name))
		err_hint(err, "vdpa dev del %s", name);
	else
		err_hint(err, "delete that one first");
}

/*
 * vp_vdpa keeps one device for each PCI function and takes a second without a word; deleting
 * either then removes the wrong one, or brings the kernel down.
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
			      "add '%s' to '%s': it holds the device '%s' already", dev->name,
			      other->mgmtdev, other->name);
		hint_del(err, other->name);
	}
	return ret;
}

/* Takes the device away again that was just made, and says so behind what went wrong. */
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

/* What the kernel accepted is not always what it offers. */
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
	/* A kernel that does not describe this type of device leaves nothing to compare. */
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

/* Two of us must not find the same PCI function empty, see check_only_one(). */
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

/* All that can be known before the device is made. */
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

/* Which driver the bus chooses, and who serves the device, is asked while nobody can change it. */
static int add_locked(struct session *session, const struct dev_new *dev,
		      struct autoprobe *autoprobe, struct err *err)
{
	int ret = check_busy(session, dev, err);

	/*
	 * A kernel that is stuck must not find the drivers of the whole host kept off; nor must a
	 * device of which we have not heard, because it was begun before we listened.
	 */
	if (!ret && autoprobe->control >= 0 && kernel_await_turn(&session->nl, err))
		ret = explain_add(err, dev, NULL);
	if (!ret)
		ret = guard_check(err);
	if (!ret)
		ret = autoprobe_off(autoprobe, err);
	return ret ? ret : kernel_dev_add(&session->nl, dev, err);
}

/* Adds the device; where a driver is asked for, no other takes it in between. */
static int add_unbound(struct session *session, const struct dev_new *dev, bool *made,
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
	*made = !ret;
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

/* What is done when the device is there: its driver, its node and the link to that. */
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

/* The device that is there already; what is missing of its driver is done. */
static int ensure(struct session *session, const struct dev_new *dev, struct uevents *uevents,
		  struct dev_added *added, struct err *err)
{
	int ret = ensure_same(session, dev, err);
	char driver[BIND_DRIVER_SIZE];

	if (ret == -EEXIST && !err->hint[0])
		hint_del(err, dev->name);
	/* One that has another driver differs, and is left as it is. */
	added->action =
		driver_name(&dev->driver) && !bind_current(dev->name, driver) ? "bind" : "same";
	return ret ? ret : finish(session, dev, uevents, err);
}

/* What fails after the device was made, or a signal, takes it away again. */
static int add_new(struct session *session, const struct dev_new *dev, struct uevents *uevents,
		   struct err *err)
{
	int ret = check_only_one(session, dev, err);
	bool made = false;

	if (!ret)
		ret = add_unbound(session, dev, &made, err);
	if (!made)
		return ret;
	if (!ret)
		ret = check_result(session, dev, err);
	if (!ret)
		ret = finish(session, dev, uevents, err);
	if (!ret && guard_commit(err)) {
		err_context(err, "add '%s'", dev->name);
		ret = -EINTR;
	}
	/* One that another program deleted meanwhile, and may have made anew, is not ours. */
	return !ret || ret == -ENODEV ? ret : undo(session, dev, err);
}

/* A name that is on the bus is not sent: some drivers crash on a second device of one name. */
static int refuse_existing(const struct dev_new *dev, struct err *err)
{
	err_set(err, EEXIST, "%s", err_words(EEXIST));
	return explain_add(err, dev, NULL);
}

/* Somebody may make or delete it just after we looked, so @ensure looks again. */
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
	/* What one that is there needs will be seen. */
	if (!ret && !there)
		ret = check_driver(dev, err);
	if (!ret && add_needs_mgmtdev(dev))
		ret = prepare(session, dev, err);
	if (!ret && !there)
		ret = add_check_queues(session, dev, err);
	/* Before the kernel can know of it, so that what it makes of it is not missed. */
	if (!ret && dev->wait.set)
		ret = uevents_open(uevents, WAIT_BUFFER_SIZE, err);
	return ret ? ret : add_or_ensure(session, dev, uevents, added, err);
}

int dev_add(struct session *session, const struct dev_new *wanted, struct dev_added *added,
	    struct err *err)
{
	_cleanup_(uevents_release) struct uevents uevents = { .fd = -1 };
	/* A copy, whose features are filled in when the management device is known. */
	struct dev_new dev = *wanted;
	int ret;

	guard_hold();
	ret = run(session, &dev, &uevents, added, err);
	guard_release();
	return ret;
}
