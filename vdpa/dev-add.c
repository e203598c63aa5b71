/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dev-add.h"

#include "features.h"
#include "kernel.h"

#include <errno.h>

#define NAMES_SIZE 512

static int check_class(const struct add_args *add, const struct mgmtdev *mgmtdev, struct err *err)
{
	char type[VIRTIO_TYPE_TEXT_SIZE];

	if (!add->type.set || (add->type.id < 64 && mgmtdev->classes.bits & BIT64(add->type.id)))
		return 0;
	return err_set(err, EOPNOTSUPP,
		       "add '%s': management device '%s' makes no devices of type %s",
		       add->name.name, mgmtdev->name, virtio_type_name(add->type.id, type));
}

/*
 * Features by name need the type of the device: the one that was asked for, or the only one that
 * the management device makes, or any where all of its types agree on the names.
 */
static int resolve(const struct add_args *add, const struct mgmtdev *mgmtdev, bool *bare_hex,
		   struct feature_set *features, struct err *err)
{
	const char *words = add->device_features.words;
	bool first = true;
	int ret = 0;

	features->type = add->type.set ? add->type.id : class_set_single(&mgmtdev->classes);
	if (features->type != VIRTIO_TYPE_ANY)
		return features_parse(words, features->type, bare_hex, &features->bits, err);
	for (uint32_t id = 1; !ret && id < 64; id++) {
		uint64_t mask;

		if (!(mgmtdev->classes.bits & BIT64(id)))
			continue;
		ret = features_parse(words, id, bare_hex, &mask, err);
		if (!ret && !first && mask != features->bits)
			ret = -EINVAL;
		features->bits = mask;
		first = false;
	}
	if (!ret)
		return 0;
	return err_usage(err,
			 "the names of device_features depend on the type, and '%s' makes "
			 "several: add 'type TYPE'",
			 mgmtdev->name);
}

/* iproute2 reads a mask without 0x as hexadecimal; nothing else on the line is read so. */
static void warn_bare_hex(struct vdpa *vdpa, const char *words)
{
	tool_warn(&vdpa->app, "device_features %s is read as hexadecimal: write 0x%s", words,
		  words);
}

/* A management device that does not tell its features says 0. */
static int check_offered(const struct add_args *add, const struct mgmtdev *mgmtdev,
			 const struct feature_set *features, struct err *err)
{
	uint64_t more = features->bits & ~mgmtdev->features.bits;
	char names[NAMES_SIZE];

	if (!mgmtdev->features.bits || !more)
		return 0;
	features_format(more, features->type, names, sizeof(names));
	return err_set(err, EOPNOTSUPP, "add '%s': management device '%s' does not offer %s",
		       add->name.name, mgmtdev->name, names);
}

static int prepare(struct vdpa *vdpa, const struct add_args *add, struct dev_new *dev,
		   struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	const struct mgmtdev *mgmtdev;
	bool bare_hex = false;
	int ret;

	ret = kernel_mgmtdev(&vdpa->nl, &add->mgmtdev.value, &list, err);
	if (ret)
		return ret;
	mgmtdev = list.items[0];
	ret = check_class(add, mgmtdev, err);
	if (ret || !add->device_features.words)
		return ret;
	ret = resolve(add, mgmtdev, &bare_hex, &dev->features, err);
	if (ret)
		return ret;
	if (bare_hex)
		warn_bare_hex(vdpa, add->device_features.words);
	dev->has_features = true;
	return check_offered(add, mgmtdev, &dev->features, err);
}

/*
 * vp_vdpa keeps one device for each PCI function and takes a second without a word; deleting
 * either then removes the wrong one, or brings the kernel down.
 */
static int check_only_one(struct vdpa *vdpa, const struct add_args *add, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	int ret;

	if (vdpa->app.force || !str_equal(add->mgmtdev.value.bus, "pci"))
		return 0;
	ret = kernel_devs(&vdpa->nl, &list, err);
	for (size_t i = 0; !ret && i < list.count; i++) {
		const struct dev *dev = list.items[i];

		if (!handle_matches(&add->mgmtdev.value, dev->mgmtdev))
			continue;
		ret = err_set(err, str_equal(dev->name, add->name.name) ? EEXIST : EBUSY,
			      "add '%s' to '%s': it holds the device '%s' already", add->name.name,
			      dev->mgmtdev, dev->name);
		err_hint(err, "vdpa dev del %s", dev->name);
	}
	return ret;
}

/* What the kernel accepted is not always what it offers. */
static int check_result(struct vdpa *vdpa, const struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	const struct config *config;
	uint64_t different;
	char names[NAMES_SIZE];
	struct err ignored;
	int ret;

	ret = kernel_config(&vdpa->nl, dev->name, &list, err);
	config = ret ? NULL : list.items[0];
	/* A kernel that does not describe this type of device leaves nothing to compare. */
	if (ret == -EOPNOTSUPP || (!ret && !(config->present & BIT64(CONFIG_HAS_FEATURES))))
		return 0;
	if (ret)
		return ret;
	different = config->features.bits ^ dev->features.bits;
	if (!different)
		return 0;
	features_format(different, dev->features.type, names, sizeof(names));
	kernel_dev_del(&vdpa->nl, dev->name, &ignored);
	return err_set(err, EOPNOTSUPP,
		       "add '%s' to '%s': the device differs from device_features in %s; it was "
		       "deleted again",
		       dev->name, dev->mgmtdev->text, names);
}

int dev_add(void *app, const void *args, struct err *err)
{
	const struct add_args *add = args;
	struct dev_new dev = {
		.name = add->name.name,
		.mgmtdev = &add->mgmtdev.value,
		.mac = add->mac,
		.mtu = add->mtu,
		.max_vqp = add->max_vqp,
	};
	struct vdpa *vdpa = app;
	int ret = 0;

	if (add->type.set || add->device_features.words)
		ret = prepare(vdpa, add, &dev, err);
	if (!ret)
		ret = check_only_one(vdpa, add, err);
	if (!ret)
		ret = kernel_dev_add(&vdpa->nl, &dev, err);
	if (!ret && dev.has_features)
		ret = check_result(vdpa, &dev, err);
	return ret;
}
