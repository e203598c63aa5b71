/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "explain.h"

#include "abi/vdpa.h"
#include "features.h"
#include "sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* What the vdpa core puts before its own words. */
#define CORE_PREFIX "vdpa: "

static void hint_family(struct err *err)
{
	if (sysfs_exists("/sys/bus/vdpa"))
		err_hint(err, "vdpa answers in the initial network namespace only: "
			      "nsenter --net=/proc/1/ns/net vdpa ...");
	else
		err_hint(err, "modprobe vdpa_sim_net for simulated devices, or modprobe the "
			      "driver of your hardware, such as mlx5_vdpa or vp_vdpa");
}

static void hint_permission(struct err *err)
{
	if (geteuid())
		err_hint(err, "run it as root: sudo vdpa ...");
	else
		err_hint(err, "CAP_NET_ADMIN is needed in the initial user namespace");
}

/* Hints that fit whatever was tried. */
static void hint_common(struct err *err)
{
	if (err->status == STATUS_NOT_SUPPORTED && err->code == ENOENT)
		hint_family(err);
	else if (err->code == EPERM)
		hint_permission(err);
}

/* The kernel's own words without its name, which stands in front of ours already. */
static void trim(struct err *err)
{
	size_t length = strlen(CORE_PREFIX);

	if (str_starts(err->text, CORE_PREFIX))
		memmove(err->text, err->text + length, strlen(err->text + length) + 1);
}

int explain(struct err *err, const char *tried)
{
	trim(err);
	err_context(err, "%s", tried);
	hint_common(err);
	return -err->code;
}

int explain_dev(struct err *err, const char *name, const char *verb)
{
	trim(err);
	if (err->code == ENODEV)
		err_set(err, ENODEV, "there is no such device");
	err_context(err, "%s '%.300s'", verb, name);
	hint_common(err);
	if (err->code == ENODEV)
		err_hint(err, "'vdpa dev show' lists the devices");
	return -err->code;
}

/* Management devices that are made by a module of their own. */
static const struct {
	const char *mgmtdev, *module;
} modules[] = {
	{ "vdpasim_net", "vdpa_sim_net" },
	{ "vdpasim_blk", "vdpa_sim_blk" },
	{ "vduse", "vduse" },
};

static void hint_mgmtdev(struct err *err, const struct handle *handle)
{
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		if (!handle->bus[0] && str_equal(handle->name, modules[i].mgmtdev)) {
			err_hint(err, "modprobe %s", modules[i].module);
			return;
		}
	}
	if (!handle->bus[0] && !strncmp(handle->name, "mlx5", strlen("mlx5")))
		err_hint(err, "with its bus it is auxiliary/%.200s", handle->name);
	else if (str_equal(handle->bus, "pci"))
		err_hint(err, "bind it to a vDPA driver first, such as vp_vdpa or mlx5_vdpa");
	else
		err_hint(err, "'vdpa mgmtdev show' lists the management devices");
}

static void no_mgmtdev(struct err *err, const struct handle *handle)
{
	err_set(err, ENODEV, "there is no management device '%s'", handle->text);
	hint_mgmtdev(err, handle);
}

int explain_mgmtdev(struct err *err, const struct handle *handle)
{
	trim(err);
	if (err->code == ENODEV)
		no_mgmtdev(err, handle);
	err_context(err, "look up '%.300s'", handle->text);
	hint_common(err);
	return -err->code;
}

/* Adding */

static const struct {
	unsigned int attribute;
	const char *word;
} add_words[] = {
	{ VDPA_ATTR_DEV_NET_CFG_MACADDR, "mac" },
	{ VDPA_ATTR_DEV_NET_CFG_MTU, "mtu" },
	{ VDPA_ATTR_DEV_NET_CFG_MAX_VQP, "max_vqp" },
	{ VDPA_ATTR_DEV_FEATURES, "device_features" },
};

static uint64_t given_attributes(const struct dev_new *dev)
{
	return (dev->mac.set ? BIT64(VDPA_ATTR_DEV_NET_CFG_MACADDR) : 0) |
	       (dev->mtu.set ? BIT64(VDPA_ATTR_DEV_NET_CFG_MTU) : 0) |
	       (dev->max_vqp.set ? BIT64(VDPA_ATTR_DEV_NET_CFG_MAX_VQP) : 0) |
	       (dev->has_features ? BIT64(VDPA_ATTR_DEV_FEATURES) : 0);
}

/* The mask at the end of a message of the kernel, or 0. */
static uint64_t mask_of(const char *text)
{
	const char *mask = strstr(text, "0x");

	return mask ? strtoull(mask, NULL, 16) : 0;
}

/*
 * The core says that attributes are not taken, newer ones which in a mask of their numbers. A
 * driver that refuses what it was asked for says nothing.
 */
static void not_taken(struct err *err, const struct dev_new *dev)
{
	uint64_t given = given_attributes(dev), told = mask_of(err->text);
	char words[64] = "";

	if (!str_starts(err->text, "All provided") && !str_starts(err->text, "Some provided"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(add_words); i++) {
		if (!(given & (told ? told : given) & BIT64(add_words[i].attribute)))
			continue;
		if (*words)
			strcat(words, told ? " and " : " or ");
		strcat(words, add_words[i].word);
	}
	if (*words)
		err_set(err, EOPNOTSUPP, "management device '%s' does not take %s",
			dev->mgmtdev->text, words);
}

static void invalid(struct err *err, const struct dev_new *dev)
{
	char path[512], names[512];
	uint64_t missing = mask_of(err->text);

	if (str_starts(err->text, "Missing features ") && missing) {
		features_format(missing, VIRTIO_TYPE_NET, names, sizeof(names));
		err_set(err, EINVAL, "device_features must hold %s for what else is given", names);
		return;
	}
	if (!str_equal(dev->mgmtdev->name, "vduse") || dev->mgmtdev->bus[0])
		return;
	snprintf(path, sizeof(path), "/sys/class/vduse/%s", dev->name);
	if (sysfs_exists(path)) {
		err_set(err, EINVAL, "its VDUSE device has queues without a size");
		err_hint(err, "the program that serves it must set them up first");
	} else {
		err_set_status(err, STATUS_NO_DEVICE, EINVAL,
			       "there is no VDUSE device of that name");
		err_hint(err, "the program that is to serve it must create it first");
	}
}

int explain_add(struct err *err, const struct dev_new *dev)
{
	trim(err);
	switch (err->code) {
	case ENODEV:
		/* A driver may lack something else, and then has no words. */
		if (str_starts(err->text, "Fail to find"))
			no_mgmtdev(err, dev->mgmtdev);
		break;
	case ENOSPC:
		/* mlx5_vdpa's, which makes one device for each function. */
		if (dev->mgmtdev->bus[0])
			err_set_status(err, STATUS_BUSY, ENOSPC,
				       "the management device has no room for another device");
		break;
	case EEXIST:
		err_set(err, EEXIST, "a vDPA device of that name exists already");
		break;
	case EOPNOTSUPP:
		not_taken(err, dev);
		break;
	case EINVAL:
		invalid(err, dev);
		break;
	default:
		break;
	}
	err_context(err, "add '%s' to '%s'", dev->name, dev->mgmtdev->text);
	hint_common(err);
	return -err->code;
}

int explain_no_attr_set(struct err *err, const char *name)
{
	err_set(err, EOPNOTSUPP,
		"set the MAC address of '%s': this kernel cannot change a device that exists; "
		"Linux 6.13 and later can",
		name);
	err_hint(err, "delete it and add it again: vdpa dev add ... mac MAC");
	return -EOPNOTSUPP;
}
