/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains why the kernel refused to create a device. */
#include "explain.h"

#include "bus/vdpa-bus.h"
#include "sys/sysfs.h"
#include "vdpa/model/settings.h"
#include "virtio/features.h"

#include <errno.h>
#include <stdio.h>

#define WORDS_SIZE 256

int explain_ignored(struct err *err, const struct dev_new *dev, uint64_t known)
{
	char words[WORDS_SIZE];
	const char *since =
		settings_list(settings_given(dev) & ~known, " and ", words, sizeof(words));

	if (!since)
		return 0;
	return err_set(err, EOPNOTSUPP,
		       "add '%s' to '%s': this kernel would ignore %s; Linux %s and later do not",
		       dev->name, dev->mgmtdev.value.text, words, since);
}

/* Returns the mask at the end of a message of the kernel, or 0. */
static uint64_t mask_of(const char *text)
{
	const char *mask = strstr(text, "0x");

	return mask ? strtoull(mask, NULL, 16) : 0;
}

/*
 * The core checks attributes against a mask of the driver's and says so. Linux 6.1 says "All
 * provided attributes are not supported" even if only one of them is not; newer kernels add a mask
 * of the numbers. A driver that refuses a value itself adds no words, and is left alone here.
 */
static void explain_unsupported(struct err *err, const struct dev_new *dev)
{
	uint64_t given = settings_given(dev), mask = mask_of(err->text);
	char words[WORDS_SIZE];

	if (!str_starts(err->text, "All provided") && !str_starts(err->text, "Some provided"))
		return;
	if (settings_list(given & (mask ? mask : given), mask ? " and " : " or ", words,
			  sizeof(words)))
		err_set(err, EOPNOTSUPP, "management device '%s' does not support %s",
			dev->mgmtdev.value.text, words);
}

/*
 * EINVAL of VDUSE has two causes that the kernel does not tell apart: there is no such VDUSE
 * device, or its program has not set up all queues. sysfs knows which.
 */
static void explain_invalid(struct err *err, const struct dev_new *dev)
{
	char path[512], names[512];
	uint64_t missing = mask_of(err->text);

	if (str_starts(err->text, "Missing features ") && missing) {
		virtio_features_format(missing, VIRTIO_TYPE_NET, names, sizeof(names));
		err_set(err, EINVAL, "device_features must hold %s for the other settings", names);
		return;
	}
	if (!str_equal(handle_name(&dev->mgmtdev.value), "vduse") || dev->mgmtdev.value.bus[0])
		return;
	snprintf(path, sizeof(path), "/sys/class/vduse/%s", dev->name);
	if (sysfs_exists(path)) {
		err_set(err, EINVAL, "its VDUSE device has queues without a size");
		err_hint(err, "the program that serves it must set them up first");
	} else {
		err_set_status(err, STATUS_NO_DEVICE, EINVAL,
			       "there is no VDUSE device of that name");
		err_hint(err, "the program that will serve it must create it first");
	}
}

int explain_queues(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev)
{
	uint64_t features =
		dev->device_features.set ? dev->device_features.value.bits : mgmtdev->features.bits;
	bool control = features & BIT64(VIRTIO_FEATURE_NET_CTRL_VQ);
	uint32_t wanted = 2 * (uint32_t)dev->max_vqp.value + control;

	if (!dev->max_vqp.set || !mgmtdev->max_vqs || wanted <= mgmtdev->max_vqs)
		return 0;
	return err_set(err, EOPNOTSUPP,
		       "add '%s': max_vqp %u needs %u queues (two per pair%s), but management "
		       "device '%s' has %u",
		       dev->name, dev->max_vqp.value, wanted,
		       control ? ", and the control queue" : "", mgmtdev->name, mgmtdev->max_vqs);
}

/*
 * Drivers of cards write their reason to the kernel's log at best, and answer with a bare errno.
 * Append the most likely reason, and say that it is a guess. mlx5_vdpa, for example, refuses
 * device_features without VERSION_1 and ACCESS_PLATFORM, and MAC without an address.
 */
static void guess(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev)
{
	const uint64_t needed =
		BIT64(VIRTIO_FEATURE_VERSION_1) | BIT64(VIRTIO_FEATURE_ACCESS_PLATFORM);
	uint64_t lacking = needed & mgmtdev->features.bits & ~dev->device_features.value.bits;
	char names[128];

	if (dev->device_features.set && lacking) {
		virtio_features_format(lacking, VIRTIO_TYPE_NET, names, sizeof(names));
		err_append(err, "; device_features probably must hold %s", names);
	} else if (err->code == EINVAL && dev->device_features.set && !dev->mac.set &&
		   (dev->device_features.value.bits & BIT64(VIRTIO_FEATURE_NET_MAC))) {
		err_append(err, "; the feature MAC probably needs an address");
		err_hint(err, "add mac MAC, or leave MAC out of device_features");
	} else if (err->code == EINVAL && dev->mtu.set) {
		err_append(err, "; mtu %u is probably more than the hardware supports",
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
	if (bare && mgmtdev && dev->mgmtdev.value.bus[0] && explain_queues(err, dev, mgmtdev))
		return -err->code;
	switch (err->code) {
	case ENODEV:
		/* A bare ENODEV comes from the driver, which lacks something else. */
		if (str_starts(err->text, "Fail to find"))
			explain_no_mgmtdev(err, &dev->mgmtdev.value);
		break;
	case ENOSPC:
		/* mlx5_vdpa answers so: it creates only one device for each function. */
		if (dev->mgmtdev.value.bus[0])
			err_set_status(err, STATUS_BUSY, ENOSPC,
				       "the management device has no room for another device");
		break;
	case EEXIST:
		bus_explain_exists(err);
		break;
	case EOPNOTSUPP:
		explain_unsupported(err, dev);
		break;
	case EINVAL:
		explain_invalid(err, dev);
		break;
	default:
		break;
	}
	if (bare && mgmtdev && dev->mgmtdev.value.bus[0] &&
	    (err->code == EINVAL || err->code == EOPNOTSUPP))
		guess(err, dev, mgmtdev);
	err_context(err, "add '%s' to '%s'", dev->name, dev->mgmtdev.value.text);
	explain_hint(err);
	return -err->code;
}
