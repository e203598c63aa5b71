/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of those settings of a new device that are one value in one place, and its loops. */
#include "settings.h"

#include "abi/vduse.h"
#include "base/mac.h"

/*
 * The configuration space: virtio specification, "Device configuration layout" of "Network Device"
 * and "Block Device".
 */
#define NET_MAC	       0
#define NET_MTU	       10
#define BLOCK_CAPACITY 0

/* clang-format off */

#define VALUE(member) (((struct dev_new *)0)->member.value)

#define SETTING(member, place_, at_, at_size_, ...)				\
	{									\
		.word = #member, .offset = offsetof(struct dev_new, member),	\
		.value = offsetof(struct dev_new, member.value),		\
		.size = sizeof(VALUE(member)),					\
		.place = (place_), .at = (at_), .at_size = (at_size_),		\
		__VA_ARGS__							\
	}

/* A row for the member @member of struct dev_new, which goes into @field of that struct. */
#define CREATE(member, field, ...)						\
	SETTING(member, SETTING_CREATE, offsetof(struct vduse_dev_config, field),	\
		sizeof(((struct vduse_dev_config *)0)->field), __VA_ARGS__)
#define QUEUE(member, field, ...)						\
	SETTING(member, SETTING_QUEUE, offsetof(struct vduse_vq_config, field),	\
		sizeof(((struct vduse_vq_config *)0)->field), __VA_ARGS__)

/* The same for bytes of the configuration space of devices of one type. */
#define SPACE(member, type_, at, needs_)					\
	SETTING(member, SETTING_SPACE, at, sizeof(VALUE(member)), .type = (type_),	\
		.needs = (needs_))

/* The same for an attribute in sysfs. */
#define ATTRIBUTE(member, ...)							\
	SETTING(member, SETTING_ATTRIBUTE, 0, 0, __VA_ARGS__)

const struct setting settings[] = {
	CREATE(vendor_id, vendor_id, .version = VDUSE_API_VERSION_0),
	CREATE(vqs, vq_num, .version = VDUSE_API_VERSION_0),
	QUEUE(vq_size, max_size, .version = VDUSE_API_VERSION_0),
	CREATE(vq_align, vq_align, .version = VDUSE_API_VERSION_0),
	CREATE(groups, ngroups, .fallback = 1, .version = VDUSE_API_VERSION_1),
	CREATE(as, nas, .fallback = 1, .version = VDUSE_API_VERSION_1,
	       .meaning = "address spaces"),
	SPACE(mac, VIRTIO_TYPE_NET, NET_MAC, BIT64(VIRTIO_FEATURE_NET_MAC)),
	SPACE(mtu, VIRTIO_TYPE_NET, NET_MTU, BIT64(VIRTIO_FEATURE_NET_MTU)),
	SPACE(capacity, VIRTIO_TYPE_BLOCK, BLOCK_CAPACITY, 0),
	ATTRIBUTE(msg_timeout),
	ATTRIBUTE(bounce_size, .rounded = true),
	{ 0 },
};

/* clang-format on */

bool setting_is_given(const struct setting *setting, const struct dev_new *dev)
{
	return *(const bool *)((const char *)dev + setting->offset);
}

static void put_number(void *to, size_t size, uint64_t number)
{
	switch (size) {
	case sizeof(uint16_t):
		*(uint16_t *)to = number;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)to = number;
		break;
	default:
		*(uint64_t *)to = number;
		break;
	}
}

static void put_little_endian(uint8_t *to, size_t size, uint64_t number)
{
	for (size_t i = 0; i < size; i++)
		to[i] = number >> 8 * i;
}

static void put(const struct setting *setting, const void *value, void *to)
{
	uint64_t number;

	if (setting->size == sizeof(struct mac)) {
		memcpy(to, value, setting->size);
		return;
	}
	number = num_at(value, setting->size);
	if (!number)
		number = setting->fallback;
	if (setting->place == SETTING_SPACE)
		put_little_endian(to, setting->at_size, number);
	else
		put_number(to, setting->at_size, number);
}

void settings_put(const struct dev_new *dev, enum setting_place place, uint64_t version, void *to)
{
	for (const struct setting *setting = settings; setting->word; setting++) {
		if (setting->place != place || setting->version > version)
			continue;
		if (place != SETTING_SPACE || setting_is_given(setting, dev))
			put(setting, (const char *)dev + setting->value, (char *)to + setting->at);
	}
}

uint64_t setting_number(const struct setting *setting, const struct dev_new *dev)
{
	return num_at((const char *)dev + setting->value, setting->size);
}

const struct setting *settings_after(const struct dev_new *dev, uint64_t version)
{
	for (const struct setting *setting = settings; setting->word; setting++)
		if (setting->version > version && setting_is_given(setting, dev))
			return setting;
	return NULL;
}

uint64_t settings_needs(const struct dev_new *dev)
{
	uint64_t bits = 0;

	for (const struct setting *setting = settings; setting->word; setting++)
		if (setting_is_given(setting, dev))
			bits |= setting->needs;
	return bits;
}
