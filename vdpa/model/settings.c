/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings of a new device: one row for each, and the loops over them. */
#include "settings.h"

#include "abi/vdpa.h"
#include "base/mac.h"
#include "base/text.h"

#include <stdio.h>

#define VALUE_TEXT_SIZE 32

/* clang-format off */

/* Compiles only if the value asked for and the value read back have the same, known C type. */
#define KIND(asked, read)							\
	_Generic((void (*)(typeof(asked), typeof(read)))NULL,			\
		 void (*)(uint8_t, uint8_t): SETTING_NUMBER,			\
		 void (*)(uint16_t, uint16_t): SETTING_NUMBER,			\
		 void (*)(uint32_t, uint32_t): SETTING_NUMBER,			\
		 void (*)(uint64_t, uint64_t): SETTING_NUMBER,			\
		 void (*)(struct mac, struct mac): SETTING_MAC,			\
		 void (*)(struct feature_set, struct feature_set): SETTING_FEATURES)

/* A feature set also has words and a type, which the attribute does not carry. */
#define SIZE(asked)								\
	_Generic((asked), struct feature_set: sizeof(uint64_t), default: sizeof(asked))

/*
 * A row for the member @member of struct dev_new. The attribute VDPA_ATTR_DEV_@number carries it,
 * and it is read back into the member @read of struct config, with CONFIG_HAS_@present_.
 */
#define SETTING(member, number, since_, read, present_, ...)			\
	{									\
		.word = #member, .since = (since_),				\
		.attribute = VDPA_ATTR_DEV_##number,				\
		.offset = offsetof(struct dev_new, member),			\
		.value = offsetof(struct dev_new, member.value),		\
		.config = offsetof(struct config, read),			\
		.present = CONFIG_HAS_##present_,				\
		.kind = KIND(((struct dev_new *)0)->member.value,		\
			     ((struct config *)0)->read),			\
		.size = SIZE(((struct dev_new *)0)->member.value),		\
		__VA_ARGS__							\
	}

/* clang-format on */

/* In the order of the kernel releases that introduced them: settings_list() relies on it. */
const struct setting settings[] = {
	SETTING(mac, NET_CFG_MACADDR, "5.17", mac, MAC, .needs = BIT64(VIRTIO_FEATURE_NET_MAC)),
	SETTING(mtu, NET_CFG_MTU, "5.17", mtu, MTU, .needs = BIT64(VIRTIO_FEATURE_NET_MTU)),
	/* Without the feature MQ there is one pair, and the kernel omits the number. */
	SETTING(max_vqp, NET_CFG_MAX_VQP, "5.17", max_vq_pairs, MAX_VQP, .silent = 1,
		.needs = BIT64(VIRTIO_FEATURE_NET_MQ), .at_least = 2),
	SETTING(device_features, FEATURES, "6.1", features, FEATURES),
	{ 0 },
};

bool setting_is_given(const struct setting *setting, const struct dev_new *dev)
{
	return *(const bool *)((const char *)dev + setting->offset);
}

const void *setting_value(const struct setting *setting, const struct dev_new *dev)
{
	return (const char *)dev + setting->value;
}

uint64_t settings_given(const struct dev_new *dev)
{
	uint64_t given = 0;

	for (const struct setting *setting = settings; setting->word; setting++)
		if (setting_is_given(setting, dev))
			given |= BIT64(setting->attribute);
	return given;
}

const char *settings_list(uint64_t attributes, const char *between, char *storage, size_t size)
{
	const char *since = NULL;
	struct text text = text_begin(storage, size);

	for (const struct setting *setting = settings; setting->word; setting++) {
		if (!(attributes & BIT64(setting->attribute)))
			continue;
		text_join(&text, between, "%s", setting->word);
		since = setting->since;
	}
	return since;
}

/* Returns whether the value that @dev has for this setting needs its features. */
static bool needs(const struct setting *setting, const struct dev_new *dev)
{
	if (!setting_is_given(setting, dev) || !setting->needs)
		return false;
	return setting->kind != SETTING_NUMBER ||
	       num_at(setting_value(setting, dev), setting->size) >= setting->at_least;
}

int settings_check_needs(const struct dev_new *dev, struct err *err)
{
	for (const struct setting *setting = settings; setting->word; setting++) {
		uint64_t lacking = setting->needs & ~dev->device_features.value.bits;
		char names[256];

		if (!lacking || !needs(setting, dev))
			continue;
		virtio_features_format(lacking, VIRTIO_TYPE_NET, names, sizeof(names));
		return err_usage(err, "device_features must hold %s, because %s is given", names,
				 setting->word);
	}
	return 0;
}

static void value_format(const struct setting *setting, const void *value, char *text)
{
	if (setting->kind == SETTING_MAC)
		mac_format(value, text);
	else
		snprintf(text, VALUE_TEXT_SIZE, "%ju", (uintmax_t)num_at(value, setting->size));
}

static void features_differ(const struct setting *setting, const struct feature_set *asked,
			    const struct feature_set *current, char *text)
{
	char names[512];

	virtio_features_format(asked->bits ^ current->bits, asked->type, names, sizeof(names));
	snprintf(text, SETTING_DIFFERENCE_SIZE, "%s differ in %s", setting->word, names);
}

enum setting_comparison setting_compare(const struct setting *setting, const struct dev_new *dev,
					const struct config *config)
{
	const void *asked = setting_value(setting, dev);

	if (!setting_is_given(setting, dev))
		return SETTING_SAME;
	if (config->present & BIT64(setting->present))
		return memcmp(asked, (const char *)config + setting->config, setting->size)
			       ? SETTING_DIFFERENT
			       : SETTING_SAME;
	if (!setting->silent || setting->kind == SETTING_FEATURES)
		return SETTING_UNKNOWN;
	return num_at(asked, setting->size) == setting->silent ? SETTING_SAME : SETTING_DIFFERENT;
}

/* Writes the value of the existing device, or the meaning of the kernel's silence. */
static void found_format(const struct setting *setting, const struct config *config, char *text)
{
	if (config->present & BIT64(setting->present))
		value_format(setting, (const char *)config + setting->config, text);
	else if (setting->silent)
		snprintf(text, VALUE_TEXT_SIZE, "%u", setting->silent);
	else
		strcpy(text, "unknown");
}

bool setting_differs(const struct setting *setting, const struct dev_new *dev,
		     const struct config *config, char text[static SETTING_DIFFERENCE_SIZE])
{
	const enum setting_comparison comparison = setting_compare(setting, dev, config);
	const void *asked = setting_value(setting, dev);
	char wanted[VALUE_TEXT_SIZE], found[VALUE_TEXT_SIZE];

	if (comparison == SETTING_SAME)
		return false;
	if (setting->kind != SETTING_FEATURES) {
		value_format(setting, asked, wanted);
		found_format(setting, config, found);
		snprintf(text, SETTING_DIFFERENCE_SIZE, "%s is %s, not %s", setting->word, found,
			 wanted);
	} else if (comparison == SETTING_UNKNOWN) {
		snprintf(text, SETTING_DIFFERENCE_SIZE, "%s are unknown", setting->word);
	} else {
		features_differ(setting, asked,
				(const void *)((const char *)config + setting->config), text);
	}
	return true;
}

void setting_format(const struct setting *setting, const struct dev_new *dev,
		    char text[static SETTING_VALUE_SIZE])
{
	const struct feature_set *features = setting_value(setting, dev);

	if (setting->kind != SETTING_FEATURES)
		value_format(setting, features, text);
	else if (features->bits)
		virtio_features_format(features->bits, features->type, text, SETTING_VALUE_SIZE);
	else
		strcpy(text, "0x0");
}

bool setting_take(const struct setting *setting, const struct config *config, struct dev_new *dev)
{
	const size_t size =
		setting->kind == SETTING_FEATURES ? sizeof(struct feature_set) : setting->size;

	if (!(config->present & BIT64(setting->present)))
		return false;
	*(bool *)((char *)dev + setting->offset) = true;
	memcpy((char *)dev + setting->value, (const char *)config + setting->config, size);
	return true;
}
