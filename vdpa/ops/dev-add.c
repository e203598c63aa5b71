/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa dev add": creates a device, binds it, waits for it, and undoes that. */
#include "dev-add.h"

#include "base/escape.h"
#include "bus/vdpa-autoprobe.h"
#include "bus/vdpa-bus.h"
#include "busy.h"
#include "dev-add-checks.h"
#include "dev-ensure.h"
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

static int check_class(const struct dev_new *dev, const struct mgmtdev *mgmtdev, struct err *err)
{
	char type[VIRTIO_TYPE_TEXT_SIZE];

	if (!dev->type.set || (dev->type.id < 64 && mgmtdev->classes.bits & BIT64(dev->type.id)))
		return 0;
	return err_set(err, EOPNOTSUPP,
		       "add '%s': management device '%s' makes no devices of type %s", dev->name,
		       mgmtdev->name, virtio_type_name(dev->type.id, type));
}

/*
 * Where there are several types, all that know the words must give them the same meaning. Words
 * that no type knows are wrong by the first one's message.
 */
static int resolve_any(const char *words, const struct mgmtdev *mgmtdev, struct bare_hex *bare_hex,
		       struct feature_set *features, struct err *err)
{
	bool known = false, same = true;
	struct err later;

	err->code = 0;
	for (uint32_t id = 1; id < 64; id++) {
		uint64_t mask;

		if (!(mgmtdev->classes.bits & BIT64(id)))
			continue;
		if (features_parse(words, id, bare_hex, &mask, err->code ? &later : err))
			continue;
		same = same && (!known || mask == features->bits);
		features->type = known ? features->type : id;
		features->bits = mask;
		known = true;
	}
	if (known && same)
		return 0;
	if (!known && err->code)
		return -err->code;
	return err_usage(err,
			 "the names of device_features depend on the type, which '%s' leaves "
			 "open: add 'type TYPE'",
			 mgmtdev->name);
}

/*
 * Features by name need the type of the device: the one that was asked for, or the only one that
 * the management device makes.
 */
static int resolve(const struct dev_new *dev, const struct mgmtdev *mgmtdev,
		   struct bare_hex *bare_hex, struct feature_set *features, struct err *err)
{
	const char *words = dev->device_features.words;

	features->type = dev->type.set ? dev->type.id : class_set_single(&mgmtdev->classes);
	if (features->type == VIRTIO_TYPE_ANY)
		return resolve_any(words, mgmtdev, bare_hex, features, err);
	return features_parse(words, features->type, bare_hex, &features->bits, err);
}

/* iproute2 reads a mask without 0x as hexadecimal; nothing else on the line is read so. */
static void warn_bare_hex(struct session *session, const struct bare_hex *bare_hex)
{
	if (bare_hex->digits[0])
		caller_warn(session->caller,
			    "device_features: %s is read as hexadecimal, write 0x%s",
			    bare_hex->digits, bare_hex->digits);
}

/* A management device that does not tell its features says 0. */
static int check_offered(const struct dev_new *dev, const struct mgmtdev *mgmtdev, struct err *err)
{
	const struct feature_set *features = &dev->device_features.value;
	uint64_t more = features->bits & ~mgmtdev->features.bits;
	char names[NAMES_SIZE];

	if (!mgmtdev->features.bits || !more)
		return 0;
	features_format(more, features->type, names, sizeof(names));
	return err_set(err, EOPNOTSUPP, "add '%s': management device '%s' does not offer %s",
		       dev->name, mgmtdev->name, names);
}

static int prepare(struct session *session, struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	struct bare_hex bare_hex = { 0 };
	const struct mgmtdev *mgmtdev;
	int ret;

	ret = kernel_mgmtdev(&session->nl, &dev->mgmtdev.value, &list, err);
	if (ret)
		return ret;
	mgmtdev = list.items[0];
	ret = check_class(dev, mgmtdev, err);
	if (ret || !dev->device_features.set)
		return ret;
	ret = resolve(dev, mgmtdev, &bare_hex, &dev->device_features.value, err);
	if (ret)
		return ret;
	warn_bare_hex(session, &bare_hex);
	ret = settings_check_needs(dev, err);
	return ret ? ret : check_offered(dev, mgmtdev, err);
}

/* A command to copy must not delete another device: names that a shell would take apart get none.
 */
static void hint_del(struct err *err, const char *name)
{
	if (is_plain_word(name))
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
	size_t length = strlen(err->text);
	struct err why;

	if (kernel_dev_undo(&session->nl, dev->name, &why))
		snprintf(err->text + length, sizeof(err->text) - length,
			 "; and it could not be deleted again: %.500s", why.text);
	else
		snprintf(err->text + length, sizeof(err->text) - length, "; it was deleted again");
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
	features_format(different, dev->device_features.value.type, names, sizeof(names));
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

static int check_words(const struct dev_new *dev, struct err *err)
{
	if (dev->wait.set && dev->driver.name && !driver_name(&dev->driver))
		return err_usage(err, "wait wants a driver, without which there is nothing to "
				      "wait for");
	return 0;
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
		ret = busy_check_vduse(dev->name, dev->driver.name, err);
	if (ret)
		err_context(err, "add '%s'", dev->name);
	return ret;
}

/* Which driver the bus chooses, and who serves the device, is asked while nobody can change it. */
static int add_locked(struct session *session, const struct dev_new *dev,
		      struct autoprobe *autoprobe, struct err *err)
{
	int ret = check_busy(session, dev, err);

	/* A kernel that is stuck must not find the drivers of the whole host kept off. */
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
		ret = busy_check_bind(name, dev->driver.name, err);
	if (!ret && dev->driver.name)
		ret = bind_set(name, driver, err);
	if (!ret && dev->wait.set)
		ret = bind_wait(uevents, name, driver, dev->wait.value, err);
	if (ret)
		err_context(err, "bind '%s'", name);
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
	return ret ? ret : bind_and_wait(session, dev, uevents, err);
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
		ret = bind_and_wait(session, dev, uevents, err);
	if (!ret && guard_check(err)) {
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
		if (!dev->ensure || ret != (there ? -ENODEV : -EEXIST) ||
		    bus_has(dev->name) == there)
			break;
	}
	return ret;
}

static int run(struct session *session, struct dev_new *dev, struct uevents *uevents,
	       struct dev_added *added, struct err *err)
{
	_cleanup_close_ int lock = -1;
	bool there = dev->ensure && bus_has(dev->name);
	int ret = check_words(dev, err);

	if (!ret)
		ret = kernel_check_dev_new(&session->nl, dev, err);
	if (!ret)
		ret = lock_mgmtdev(&dev->mgmtdev.value, &lock, err);
	/* What one that is there needs will be seen. */
	if (!ret && !there)
		ret = check_driver(dev, err);
	if (!ret && (dev->type.set || dev->device_features.set))
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
