/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks a new device before anything is changed. */
#include "dev-add-checks.h"

#include "abi/vdpa.h"
#include "base/list.h"
#include "vdpa/kernel/explain.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/model/settings.h"
#include "virtio/features.h"

#include <errno.h>

#define NAMES_SIZE 512

int add_check_words(const struct dev_new *dev, struct err *err)
{
	const bool has_rights = dev->owner.set || dev->group.set || dev->mode.set;

	if (dev->wait.set && dev->driver.name && !driver_name(&dev->driver))
		return err_usage(err, "'wait' and 'driver none' cannot be combined: without a "
				      "driver there is nothing to wait for");
	if (has_rights && dev->driver.name && !str_equal(dev->driver.name, VDPA_DRIVER_VHOST))
		return err_usage(err, "owner, group and mode need driver vhost_vdpa, which creates "
				      "the node");
	return 0;
}

static int check_class(const struct dev_new *dev, const struct mgmtdev *mgmtdev, struct err *err)
{
	char type[VIRTIO_TYPE_TEXT_SIZE];

	if (!dev->type.set || (dev->type.id < 64 && mgmtdev->classes.bits & BIT64(dev->type.id)))
		return 0;
	return err_set(err, EOPNOTSUPP,
		       "add '%s': management device '%s' cannot create devices of type %s",
		       dev->name, mgmtdev->name, virtio_type_name(dev->type.id, type));
}

/*
 * With several types, all those that know the words must give them the same bits. If no type knows
 * them, the first type's message is reported.
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
		if (virtio_features_parse(words, id, bare_hex, &mask, err->code ? &later : err))
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
			 "'%s' has several types, which name device_features differently: add "
			 "'type TYPE'",
			 mgmtdev->name);
}

/*
 * The names of features depend on the type of the device: the one that was asked for, or the only
 * one that the management device has.
 */
static int resolve(const struct dev_new *dev, const struct mgmtdev *mgmtdev,
		   struct bare_hex *bare_hex, struct feature_set *features, struct err *err)
{
	const char *words = dev->device_features.words;

	features->type = dev->type.set ? dev->type.id : class_set_single(&mgmtdev->classes);
	if (features->type == VIRTIO_TYPE_ANY)
		return resolve_any(words, mgmtdev, bare_hex, features, err);
	return virtio_features_parse(words, features->type, bare_hex, &features->bits, err);
}

/* iproute2 reads a mask without 0x as hexadecimal, so we must; other numbers are decimal. */
static void warn_bare_hex(struct caller *caller, const struct bare_hex *bare_hex)
{
	if (bare_hex->digits[0])
		caller_warn(caller, "device_features: %s is read as hexadecimal, write 0x%s",
			    bare_hex->digits, bare_hex->digits);
}

/* Drivers that do not report their features (vdpa_sim_blk, vduse) leave them 0: no check then. */
static int check_offered(const struct dev_new *dev, const struct mgmtdev *mgmtdev, struct err *err)
{
	const struct feature_set *features = &dev->device_features.value;
	uint64_t lacking = features->bits & ~mgmtdev->features.bits;
	char names[NAMES_SIZE];

	if (!mgmtdev->features.bits || !lacking)
		return 0;
	virtio_features_format(lacking, features->type, names, sizeof(names));
	return err_set(err, EOPNOTSUPP, "add '%s': management device '%s' does not offer %s",
		       dev->name, mgmtdev->name, names);
}

bool add_needs_mgmtdev(const struct dev_new *dev)
{
	return dev->type.set || dev->device_features.set || dev->max_vqp.max;
}

int add_resolve(struct caller *caller, struct dev_new *dev, const struct mgmtdev *mgmtdev,
		struct err *err)
{
	struct bare_hex bare_hex = { 0 };
	int ret = check_class(dev, mgmtdev, err);

	if (dev->max_vqp.max)
		dev->max_vqp.value = net_max_pairs(mgmtdev->max_vqs);
	if (ret || !dev->device_features.set)
		return ret;
	ret = resolve(dev, mgmtdev, &bare_hex, &dev->device_features.value, err);
	if (ret)
		return ret;
	warn_bare_hex(caller, &bare_hex);
	ret = settings_check_needs(dev, err);
	return ret ? ret : check_offered(dev, mgmtdev, err);
}

int add_check_queues(struct session *session, const struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	struct err ignored;

	if (!dev->max_vqp.set || kernel_mgmtdev(&session->nl, &dev->mgmtdev.value, &list, &ignored))
		return 0;
	return explain_queues(err, dev, list.items[0]);
}
