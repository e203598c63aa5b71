/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the kernel's rules for a new device, since its EINVAL names none of them. */
#include "rules.h"

#include "abi/vduse.h"
#include "base/mac.h"
#include "settings.h"

#include <errno.h>
#include <stdio.h>

#define ALIGN_MIN 4

static bool has_feature(const struct dev_new *dev, unsigned int bit)
{
	return dev->features.value.bits & BIT64(bit);
}

static bool is_power_of_two(uint32_t number)
{
	return number && !(number & (number - 1));
}

uint64_t rules_needed_features(const struct dev_new *dev)
{
	uint64_t bits = BIT64(VIRTIO_FEATURE_ACCESS_PLATFORM);

	/* The kernel demands VERSION_1 of net alone; for others the user may leave it out. */
	if (dev->type.id == VIRTIO_TYPE_NET || !dev->features.set)
		bits |= BIT64(VIRTIO_FEATURE_VERSION_1);
	if (dev->type.id == VIRTIO_TYPE_BLOCK && dev->vqs.value > 1 && !dev->features.set &&
	    !dev->config.bytes)
		bits |= BIT64(VIRTIO_FEATURE_BLOCK_MQ);
	return (bits | settings_needs(dev)) & ~dev->features.value.bits;
}

/* Usage errors */

static int check_type(const struct dev_new *dev, struct err *err)
{
	uint32_t type = dev->type.id;
	char text[VIRTIO_TYPE_TEXT_SIZE];

	if (type == VIRTIO_TYPE_NET || type == VIRTIO_TYPE_BLOCK || type == VIRTIO_TYPE_FS)
		return 0;
	return err_usage(err, "VDUSE supports devices of type net, block and fs, not %s",
			 virtio_type_name(type, text));
}

/*
 * Virtio specification, "Feature bits" of "Network Device": each of these features requires
 * CTRL_VQ, or another one that does. Drivers refuse a device that offers one without it.
 */
#define NEED_CONTROL_QUEUE                                                                         \
	(BIT64(2) | BIT64(18) | BIT64(19) | BIT64(20) | BIT64(21) | BIT64(VIRTIO_FEATURE_NET_MQ) | \
	 BIT64(23) | BIT64(50) | BIT64(52) | BIT64(53) | BIT64(57) | BIT64(60))

static int check_control_queue(const struct dev_new *dev, struct err *err)
{
	const uint64_t bits = dev->features.value.bits & NEED_CONTROL_QUEUE;
	char names[256];

	if (dev->type.id != VIRTIO_TYPE_NET || !bits)
		return 0;
	virtio_features_format(bits, VIRTIO_TYPE_NET, names, sizeof(names));
	return err_usage(err,
			 "no driver can use the features %s without CTRL_VQ, which VDUSE does not "
			 "support",
			 names);
}

static int check_features(const struct dev_new *dev, struct err *err)
{
	if (dev->type.id == VIRTIO_TYPE_BLOCK && has_feature(dev, VIRTIO_FEATURE_BLOCK_CONFIG_WCE))
		return err_usage(err, "VDUSE does not support the feature CONFIG_WCE: a program "
				      "would not learn of changes");
	if (dev->type.id == VIRTIO_TYPE_NET && has_feature(dev, VIRTIO_FEATURE_NET_CTRL_VQ))
		return err_usage(err, "VDUSE does not support the feature CTRL_VQ");
	return check_control_queue(dev, err);
}

static int check_words(const struct dev_new *dev, struct err *err)
{
	char text[VIRTIO_TYPE_TEXT_SIZE];

	for (const struct setting *setting = settings; setting->word; setting++) {
		if (!setting_is_given(setting, dev))
			continue;
		if (setting->type && setting->type != dev->type.id)
			return err_usage(err, "%s is only for type %s", setting->word,
					 virtio_type_name(setting->type, text));
		if (setting->place == SETTING_SPACE && dev->config.bytes)
			return err_usage(
				err,
				"'config' and '%s' cannot be combined: config is the whole "
				"configuration space",
				setting->word);
	}
	if (dev->mac.set && !mac_is_unicast(&dev->mac.value))
		return err_usage(err, "mac must be a unicast address, and not zero");
	return 0;
}

static int check_version(const struct dev_new *dev, struct err *err)
{
	const struct setting *later =
		dev->api_version.set ? settings_after(dev, dev->api_version.value) : NULL;

	return later ? err_usage(err, "%s needs api_version %u, not %u", later->word,
				 later->version, dev->api_version.value)
		     : 0;
}

/*
 * Linux 6.1 accepts any alignment up to a page, and later kernels only powers of two from 4. A
 * device that works on all of them must obey the stricter rule.
 */
static int check_queues(const struct dev_new *dev, size_t page, struct err *err)
{
	const uint32_t align = dev->vq_align.value;

	if (!is_power_of_two(align) || align < ALIGN_MIN || align > page)
		return err_usage(err, "vq_align must be a power of two from %d to %zu, not %u",
				 ALIGN_MIN, page, align);
	if (!is_power_of_two(dev->vq_size.value) && !has_feature(dev, VIRTIO_FEATURE_RING_PACKED))
		return err_usage(err,
				 "vq_size must be a power of two, not %u, without the feature "
				 "RING_PACKED",
				 dev->vq_size.value);
	return 0;
}

/*
 * When a device is attached, the kernel creates a directory of the same name inside that of the
 * VDUSE device. That fails if an attribute or a queue there has the name already.
 */
static bool is_name_of_attribute(const struct dev_new *dev)
{
	static const char *const names[] = { "dev",    "power",	      "subsystem",
					     "uevent", "msg_timeout", "bounce_size" };
	char queue[16];
	uint64_t number;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_equal(dev->name, names[i]))
			return true;
	if (!str_starts(dev->name, "vq") || num_parse(dev->name + 2, 0, UINT16_MAX, &number))
		return false;
	snprintf(queue, sizeof(queue), "vq%u", (unsigned int)number);
	return number < dev->vqs.value && str_equal(dev->name, queue);
}

/*
 * The kernel would answer EEXIST to the name of the control node, and write a warning to its log.
 * Names of attributes it would accept, but refuse to attach the device.
 */
static int check_name(const struct dev_new *dev, struct err *err)
{
	if (str_equal(dev->name, VDUSE_CONTROL))
		return err_usage(err, "name must not be '%s': VDUSE's own node has that name",
				 dev->name);
	if (is_name_of_attribute(dev))
		return err_usage(err,
				 "name must not be '%s': an attribute of the device has that name, "
				 "so it could not be attached",
				 dev->name);
	return 0;
}

int rules_check(const struct dev_new *dev, size_t page, struct err *err)
{
	int ret = check_name(dev, err);

	if (!ret)
		ret = check_type(dev, err);
	if (!ret)
		ret = check_features(dev, err);
	if (!ret)
		ret = check_words(dev, err);
	if (!ret)
		ret = check_queues(dev, page, err);
	if (!ret)
		ret = check_version(dev, err);
	if (!ret && dev->config.size > page)
		ret = err_usage(err, "config has %zu bytes, but VDUSE's limit is a page of %zu",
				dev->config.size, page);
	return ret;
}

/* Rules that depend on the kernel */

static int check_vduse_features(const struct dev_new *dev, bool has_features, uint64_t offered,
				struct err *err)
{
	uint64_t missing = dev->vduse_features.bits & ~offered;
	char names[VDUSE_FEATURES_TEXT_SIZE];

	if (!dev->vduse_features.bits)
		return 0;
	if (!has_features)
		return err_set(err, EOPNOTSUPP,
			       "add '%s': this kernel has no VDUSE feature negotiation, so "
			       "vduse_features cannot be set",
			       dev->name);
	vduse_features_format(missing, names);
	return missing ? err_set(err, EOPNOTSUPP,
				 "add '%s': this kernel's VDUSE does not offer vduse_features %s",
				 dev->name, names)
		       : 0;
}

int rules_check_kernel(const struct dev_new *dev, uint64_t offered_version, bool has_features,
		       uint64_t offered_features, uint64_t *version, struct err *err)
{
	const struct setting *later;

	*version = offered_version < API_VERSION_TOOL ? offered_version : API_VERSION_TOOL;
	if (dev->api_version.set && dev->api_version.value > offered_version)
		return err_set(
			err, EOPNOTSUPP,
			"add '%s': this kernel's VDUSE supports API version %ju at most, not "
			"%u",
			dev->name, (uintmax_t)offered_version, dev->api_version.value);
	if (dev->api_version.set)
		*version = dev->api_version.value;
	later = settings_after(dev, *version);
	if (later)
		return err_set(err, EOPNOTSUPP,
			       "add '%s': %s need API version %u, but this kernel's VDUSE has "
			       "version %ju",
			       dev->name, later->meaning ? later->meaning : later->word,
			       later->version, (uintmax_t)*version);
	return check_vduse_features(dev, has_features, offered_features, err);
}

/*
 * The configuration space: virtio specification, "Device configuration layout" of "Network Device"
 * and "Block Device". All of it is little endian.
 */
#define NET_CONFIG_SIZE	  24
#define NET_STATUS	  6
#define NET_LINK_UP	  1
#define BLOCK_CONFIG_SIZE 72
#define BLOCK_NUM_QUEUES  34

static void put_u16(uint8_t *bytes, uint16_t value)
{
	bytes[0] = value;
	bytes[1] = value >> 8;
}

int rules_make_config(struct dev_new *dev, struct err *err)
{
	const bool net = dev->type.id == VIRTIO_TYPE_NET;
	struct config_space *config = &dev->config;

	/* That of a file system holds its tag, which only its program knows. */
	if (config->bytes || dev->type.id == VIRTIO_TYPE_FS)
		return 0;
	config->size = net ? NET_CONFIG_SIZE : BLOCK_CONFIG_SIZE;
	config->bytes = calloc(1, config->size);
	if (!config->bytes)
		return err_memory(err);
	settings_put(dev, SETTING_SPACE, API_VERSION_TOOL, config->bytes);
	if (net && has_feature(dev, VIRTIO_FEATURE_NET_STATUS))
		put_u16(config->bytes + NET_STATUS, NET_LINK_UP);
	if (!net && has_feature(dev, VIRTIO_FEATURE_BLOCK_MQ))
		put_u16(config->bytes + BLOCK_NUM_QUEUES, dev->vqs.value);
	return 0;
}
