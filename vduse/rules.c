/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules.h"

#include "abi/vduse.h"

#include <errno.h>
#include <stdio.h>

#define ALIGN_MIN 4

static bool has(const struct dev_new *dev, unsigned int bit)
{
	return dev->features.bits & BIT64(bit);
}

static bool is_power_of_two(uint32_t number)
{
	return number && !(number & (number - 1));
}

uint64_t rules_needed_features(const struct dev_new *dev)
{
	uint64_t bits = BIT64(FEATURE_ACCESS_PLATFORM);

	/* Block and others may do without, where somebody asks for that. */
	if (dev->features.type == VIRTIO_TYPE_NET || !dev->has_features)
		bits |= BIT64(FEATURE_VERSION_1);
	if (dev->mac.set)
		bits |= BIT64(FEATURE_NET_MAC);
	if (dev->mtu.set)
		bits |= BIT64(FEATURE_NET_MTU);
	if (dev->features.type == VIRTIO_TYPE_BLOCK && dev->vqs > 1 && !dev->has_features &&
	    !dev->config)
		bits |= BIT64(FEATURE_BLOCK_MQ);
	return bits & ~dev->features.bits;
}

/* Usage errors */

static int check_type(const struct dev_new *dev, struct err *err)
{
	uint32_t type = dev->features.type;
	char text[VIRTIO_TYPE_TEXT_SIZE];

	if (type == VIRTIO_TYPE_NET || type == VIRTIO_TYPE_BLOCK || type == VIRTIO_TYPE_FS)
		return 0;
	return err_usage(err, "VDUSE makes devices of type net, block and fs, not %s",
			 virtio_type_name(type, text));
}

/*
 * Virtio specification, "Feature bits" of "Network Device": each of these requires CTRL_VQ, or
 * another of them, and drivers refuse a device that offers one without it.
 */
#define NEED_CONTROL_QUEUE                                                                         \
	(BIT64(2) | BIT64(18) | BIT64(19) | BIT64(20) | BIT64(21) | BIT64(FEATURE_NET_MQ) |        \
	 BIT64(23) | BIT64(50) | BIT64(52) | BIT64(53) | BIT64(57) | BIT64(60))

static int check_control_queue(const struct dev_new *dev, struct err *err)
{
	const uint64_t bits = dev->features.bits & NEED_CONTROL_QUEUE;
	char names[256];

	if (dev->features.type != VIRTIO_TYPE_NET || !bits)
		return 0;
	features_format(bits, VIRTIO_TYPE_NET, names, sizeof(names));
	return err_usage(err,
			 "no driver can use the features %s without CTRL_VQ, and VDUSE makes no "
			 "net device with that",
			 names);
}

static int check_features(const struct dev_new *dev, struct err *err)
{
	if (dev->features.type == VIRTIO_TYPE_BLOCK && has(dev, FEATURE_BLOCK_CONFIG_WCE))
		return err_usage(err, "VDUSE makes no block device with the feature CONFIG_WCE: "
				      "its program cannot be told of a change");
	if (dev->features.type == VIRTIO_TYPE_NET && has(dev, FEATURE_NET_CTRL_VQ))
		return err_usage(err, "VDUSE makes no net device with the feature CTRL_VQ");
	return check_control_queue(dev, err);
}

static int check_words(const struct dev_new *dev, struct err *err)
{
	const struct {
		bool given;
		uint32_t type;
		const char *word;
	} words[] = {
		{ dev->mac.set, VIRTIO_TYPE_NET, "mac" },
		{ dev->mtu.set, VIRTIO_TYPE_NET, "mtu" },
		{ dev->capacity.set, VIRTIO_TYPE_BLOCK, "capacity" },
	};
	char text[VIRTIO_TYPE_TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (words[i].given && words[i].type != dev->features.type)
			return err_usage(err, "%s goes with type %s only", words[i].word,
					 virtio_type_name(words[i].type, text));
		if (words[i].given && dev->config)
			return err_usage(err,
					 "config holds the whole configuration space, so %s cannot "
					 "be given as well",
					 words[i].word);
	}
	if (dev->mac.set && !mac_is_unicast(&dev->mac.value))
		return err_usage(err, "mac wants the address of one interface, neither zero nor "
				      "a group's");
	return 0;
}

static int check_queues(const struct dev_new *dev, size_t page, struct err *err)
{
	if (!is_power_of_two(dev->vq_align) || dev->vq_align < ALIGN_MIN || dev->vq_align > page)
		return err_usage(err, "vq_align wants a power of two from %d to %zu, not %u",
				 ALIGN_MIN, page, dev->vq_align);
	if (!is_power_of_two(dev->vq_size) && !has(dev, FEATURE_RING_PACKED))
		return err_usage(err,
				 "vq_size wants a power of two, not %u, as long as RING_PACKED is "
				 "not among the features",
				 dev->vq_size);
	if (dev->api_version.set && !dev->api_version.value && (dev->groups || dev->address_spaces))
		return err_usage(err, "%s wants api_version 1, not 0",
				 dev->groups ? "groups" : "as");
	return 0;
}

/*
 * The kernel makes the vDPA device a directory of the same name in that of the VDUSE device, beside
 * the attributes and queues of the latter.
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
	return number < dev->vqs && str_equal(dev->name, queue);
}

static int check_name(const struct dev_new *dev, struct err *err)
{
	if (str_equal(dev->name, VDUSE_CONTROL))
		return err_usage(err, "name must not be '%s', which VDUSE's own node has",
				 dev->name);
	if (is_name_of_attribute(dev))
		return err_usage(err,
				 "name must not be '%s': an attribute of the device is called so, "
				 "and it could not be attached",
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
	if (!ret && dev->config_size > page)
		ret = err_usage(err, "config has %zu bytes, and VDUSE takes a page of %zu at most",
				dev->config_size, page);
	return ret;
}

/* What a kernel is too old for */

static int check_vduse_features(const struct dev_new *dev, bool has_features, uint64_t offered,
				struct err *err)
{
	uint64_t more = dev->vduse_features & ~offered;
	char names[VDUSE_FEATURES_TEXT_SIZE];

	if (!dev->vduse_features)
		return 0;
	if (!has_features)
		return err_set(err, EOPNOTSUPP,
			       "add '%s': this kernel has no VDUSE feature negotiation, so that "
			       "vduse_features cannot be asked for",
			       dev->name);
	vduse_features_format(more, names);
	return more ? err_set(err, EOPNOTSUPP,
			      "add '%s': this kernel's VDUSE does not offer vduse_features %s",
			      dev->name, names)
		    : 0;
}

int rules_check_kernel(const struct dev_new *dev, uint64_t offered_version, bool has_features,
		       uint64_t offered_features, uint64_t *version, struct err *err)
{
	*version = offered_version < API_VERSION_TOOL ? offered_version : API_VERSION_TOOL;
	if (dev->api_version.set && dev->api_version.value > offered_version)
		return err_set(err, EOPNOTSUPP,
			       "add '%s': this kernel's VDUSE speaks API version %ju at most, not "
			       "%u",
			       dev->name, (uintmax_t)offered_version, dev->api_version.value);
	if (dev->api_version.set)
		*version = dev->api_version.value;
	if (!*version && (dev->groups || dev->address_spaces))
		return err_set(err, EOPNOTSUPP,
			       "add '%s': %s need API version 1, and this kernel's VDUSE speaks "
			       "version 0",
			       dev->name, dev->groups ? "groups" : "address spaces");
	return check_vduse_features(dev, has_features, offered_features, err);
}

/*
 * The configuration space: virtio specification, "Device configuration layout" of "Network Device"
 * and "Block Device". All of it is little endian.
 */
#define NET_CONFIG_SIZE	  24
#define NET_MAC		  0
#define NET_STATUS	  6
#define NET_MTU		  10
#define NET_LINK_UP	  1
#define BLOCK_CONFIG_SIZE 72
#define BLOCK_CAPACITY	  0
#define BLOCK_NUM_QUEUES  34

static void put(uint8_t *config, size_t offset, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		config[offset + i] = value >> 8 * i;
}

static void put_net(const struct dev_new *dev, uint8_t *config)
{
	if (dev->mac.set)
		memcpy(config + NET_MAC, &dev->mac.value, sizeof(dev->mac.value));
	if (has(dev, FEATURE_NET_STATUS))
		put(config, NET_STATUS, 2, NET_LINK_UP);
	if (dev->mtu.set)
		put(config, NET_MTU, 2, dev->mtu.value);
}

static void put_block(const struct dev_new *dev, uint8_t *config)
{
	if (dev->capacity.set)
		put(config, BLOCK_CAPACITY, 8, dev->capacity.value);
	if (has(dev, FEATURE_BLOCK_MQ))
		put(config, BLOCK_NUM_QUEUES, 2, dev->vqs);
}

int rules_make_config(struct dev_new *dev, struct err *err)
{
	const bool net = dev->features.type == VIRTIO_TYPE_NET;
	const size_t size = net ? NET_CONFIG_SIZE : BLOCK_CONFIG_SIZE;

	/* That of a file system holds its tag, which nobody but its program knows. */
	if (dev->config || dev->features.type == VIRTIO_TYPE_FS)
		return 0;
	dev->config = calloc(1, size);
	if (!dev->config)
		return err_memory(err);
	dev->config_size = size;
	if (net)
		put_net(dev, dev->config);
	else
		put_block(dev, dev->config);
	return 0;
}
