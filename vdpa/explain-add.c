/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "explain.h"

#include "abi/vdpa.h"
#include "features.h"
#include "sysfs.h"

#include <errno.h>
#include <stdio.h>

/* In the order of the kernels that they came with. */
static const struct {
	unsigned int attribute;
	const char *word;
	const char *since;
} add_words[] = {
	{ VDPA_ATTR_DEV_NET_CFG_MACADDR, "mac", "5.17" },
	{ VDPA_ATTR_DEV_NET_CFG_MTU, "mtu", "5.17" },
	{ VDPA_ATTR_DEV_NET_CFG_MAX_VQP, "max_vqp", "5.17" },
	{ VDPA_ATTR_DEV_FEATURES, "device_features", "6.1" },
};

#define WORDS_SIZE 64

uint64_t explain_attributes(const struct dev_new *dev)
{
	return (dev->mac.set ? BIT64(VDPA_ATTR_DEV_NET_CFG_MACADDR) : 0) |
	       (dev->mtu.set ? BIT64(VDPA_ATTR_DEV_NET_CFG_MTU) : 0) |
	       (dev->max_vqp.set ? BIT64(VDPA_ATTR_DEV_NET_CFG_MAX_VQP) : 0) |
	       (dev->has_features ? BIT64(VDPA_ATTR_DEV_FEATURES) : 0);
}

/* Lists the words of these attributes. Returns the kernel that the last of them came with. */
static const char *list_words(uint64_t attributes, const char *between, char words[WORDS_SIZE])
{
	const char *since = NULL;

	*words = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(add_words); i++) {
		if (!(attributes & BIT64(add_words[i].attribute)))
			continue;
		if (*words)
			strcat(words, between);
		strcat(words, add_words[i].word);
		since = add_words[i].since;
	}
	return since;
}

int explain_ignored(struct err *err, const struct dev_new *dev, uint64_t known)
{
	char words[WORDS_SIZE];
	const char *since = list_words(explain_attributes(dev) & ~known, " and ", words);

	if (!since)
		return 0;
	return err_set(err, EOPNOTSUPP,
		       "add '%s' to '%s': this kernel would ignore %s; Linux %s and later do not",
		       dev->name, dev->mgmtdev->text, words, since);
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
	uint64_t given = explain_attributes(dev), told = mask_of(err->text);
	char words[WORDS_SIZE];

	if (!str_starts(err->text, "All provided") && !str_starts(err->text, "Some provided"))
		return;
	if (list_words(given & (told ? told : given), told ? " and " : " or ", words))
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

int explain_queues(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev)
{
	uint64_t features = dev->has_features ? dev->features.bits : mgmtdev->features.bits;
	bool control = features & BIT64(FEATURE_NET_CTRL_VQ);
	uint32_t wanted = 2 * (uint32_t)dev->max_vqp.value + control;

	if (!dev->max_vqp.set || !mgmtdev->max_vqs || wanted <= mgmtdev->max_vqs)
		return 0;
	return err_set(err, EOPNOTSUPP,
		       "add '%s': max_vqp %u is %u queues (two a pair%s), and management device "
		       "'%s' has %u",
		       dev->name, dev->max_vqp.value, wanted,
		       control ? ", and the control queue" : "", mgmtdev->name, mgmtdev->max_vqs);
}

/* Appends what a driver of hardware may have meant that answered with nothing but an errno. */
static void guess(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev)
{
	const uint64_t needed = BIT64(FEATURE_VERSION_1) | BIT64(FEATURE_ACCESS_PLATFORM);
	uint64_t lacking = needed & mgmtdev->features.bits & ~dev->features.bits;
	size_t length = strlen(err->text), size = sizeof(err->text) - length;
	char names[128], *end = err->text + length;

	if (dev->has_features && lacking) {
		features_format(lacking, VIRTIO_TYPE_NET, names, sizeof(names));
		snprintf(end, size, "; device_features probably must hold %s", names);
	} else if (err->code == EINVAL && dev->has_features && !dev->mac.set &&
		   (dev->features.bits & BIT64(FEATURE_NET_MAC))) {
		snprintf(end, size, "; the feature MAC probably needs an address");
		err_hint(err, "add mac MAC, or leave MAC out of device_features");
	} else if (err->code == EINVAL && dev->mtu.set) {
		snprintf(end, size, "; mtu %u is probably more than the hardware takes",
			 dev->mtu.value);
	}
}

static bool is_bare(const struct err *err)
{
	return str_equal(err->text, err_words(err->code));
}

int explain_add(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev)
{
	bool bare;

	explain_trim(err);
	bare = is_bare(err);
	if (bare && mgmtdev && dev->mgmtdev->bus[0] && explain_queues(err, dev, mgmtdev))
		return -err->code;
	switch (err->code) {
	case ENODEV:
		/* A driver may lack something else, and then has no words. */
		if (str_starts(err->text, "Fail to find"))
			explain_no_mgmtdev(err, dev->mgmtdev);
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
	if (bare && mgmtdev && dev->mgmtdev->bus[0] &&
	    (err->code == EINVAL || err->code == EOPNOTSUPP))
		guess(err, dev, mgmtdev);
	err_context(err, "add '%s' to '%s'", dev->name, dev->mgmtdev->text);
	explain_hint(err);
	return -err->code;
}
