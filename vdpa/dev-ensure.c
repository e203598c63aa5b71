/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dev-ensure.h"

#include "escape.h"
#include "features.h"
#include "kernel-bind.h"
#include "kernel.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/* What was found to differ, in words. */
struct differences {
	char text[1024];
	bool not_driver; /* something besides the driver differs */
	bool driver;
};

_printf_(2, 3) static void differ(struct differences *differences, const char *format, ...)
{
	size_t length = strlen(differences->text), size = sizeof(differences->text);
	va_list args;

	if (length)
		length += snprintf(differences->text + length, size - length, "; ");
	va_start(args, format);
	if (length < size)
		vsnprintf(differences->text + length, size - length, format, args);
	va_end(args);
}

static void compare_dev(struct differences *differences, const struct add_args *add,
			const struct dev *dev)
{
	char is[VIRTIO_TYPE_TEXT_SIZE], asked[VIRTIO_TYPE_TEXT_SIZE];

	if (!handle_matches(&add->mgmtdev.value, dev->mgmtdev))
		differ(differences, "mgmtdev is %.128s, not %.128s", dev->mgmtdev,
		       add->mgmtdev.value.text);
	if (add->type.set && add->type.id != dev->type.id)
		differ(differences, "type is %s, not %s", virtio_type_name(dev->type.id, is),
		       virtio_type_name(add->type.id, asked));
}

static bool has(const struct config *config, unsigned int present)
{
	return config->present & BIT64(present);
}

static void compare_mac(struct differences *differences, const struct mac *asked,
			const struct config *config)
{
	char is[MAC_TEXT_SIZE] = "unknown", text[MAC_TEXT_SIZE];

	if (has(config, CONFIG_HAS_MAC) && !memcmp(&config->mac, asked, sizeof(*asked)))
		return;
	if (has(config, CONFIG_HAS_MAC))
		mac_format(&config->mac, is);
	mac_format(asked, text);
	differ(differences, "mac is %s, not %s", is, text);
}

static void compare_number(struct differences *differences, const char *word, uint16_t asked,
			   bool known, uint16_t is)
{
	if (!known)
		differ(differences, "%s is unknown, not %u", word, asked);
	else if (is != asked)
		differ(differences, "%s is %u, not %u", word, is, asked);
}

static void compare_features(struct differences *differences, const struct feature_set *asked,
			     const struct config *config)
{
	uint64_t different = config->features.bits ^ asked->bits;
	char names[512];

	if (!has(config, CONFIG_HAS_FEATURES)) {
		differ(differences, "device_features are unknown");
	} else if (different) {
		features_format(different, asked->type, names, sizeof(names));
		differ(differences, "device_features differ in %s", names);
	}
}

static void compare_config(struct differences *differences, const struct dev_new *dev,
			   const struct config *config)
{
	if (dev->mac.set)
		compare_mac(differences, &dev->mac.value, config);
	if (dev->mtu.set)
		compare_number(differences, "mtu", dev->mtu.value, has(config, CONFIG_HAS_MTU),
			       config->mtu);
	/* Without the feature MQ there is one pair, and the kernel does not say. */
	if (dev->max_vqp.set)
		compare_number(differences, "max_vqp", dev->max_vqp.value, true,
			       has(config, CONFIG_HAS_MAX_VQP) ? config->max_vq_pairs : 1);
	if (dev->has_features)
		compare_features(differences, &dev->features, config);
}

/* A device without a driver is one that was not finished, and not one that differs. */
static void compare_driver(struct differences *differences, const struct add_args *add)
{
	char driver[BIND_DRIVER_SIZE];

	if (!add->driver.name || !bind_current(add->name.name, driver) ||
	    str_equal(driver, add->driver.name))
		return;
	differences->not_driver = differences->text[0];
	differences->driver = true;
	differ(differences, "driver is %s, not %s", driver, add->driver.name);
}

static int read_config(struct vdpa *vdpa, const struct dev_new *dev, struct config *config,
		       struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	int ret;

	*config = (struct config){ 0 };
	if (!dev->mac.set && !dev->mtu.set && !dev->max_vqp.set && !dev->has_features)
		return 0;
	ret = kernel_config(&vdpa->nl, dev->name, &list, err);
	if (!ret)
		*config = *(const struct config *)list.items[0];
	/* Of a type that this kernel does not describe all stays unknown. */
	return ret == -EOPNOTSUPP ? 0 : ret;
}

int ensure_same(struct vdpa *vdpa, const struct add_args *add, const struct dev_new *dev,
		struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	struct differences differences = { 0 };
	struct config config;
	int ret;

	ret = kernel_dev(&vdpa->nl, dev->name, &list, err);
	if (!ret)
		ret = read_config(vdpa, dev, &config, err);
	if (ret)
		return ret;
	compare_dev(&differences, add, list.items[0]);
	compare_config(&differences, dev, &config);
	compare_driver(&differences, add);
	if (!differences.text[0])
		return 0;
	err_set(err, EEXIST, "add '%s': it exists, and differs: %s", dev->name, differences.text);
	if (differences.driver && !differences.not_driver && is_plain_word(dev->name))
		err_hint(err, "vdpa dev set %s driver %s", dev->name, add->driver.name);
	return -EEXIST;
}
