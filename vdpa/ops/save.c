/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns an existing device into the words of "dev add" that would create it again. */
#include "save.h"

#include "base/list.h"
#include "base/mac.h"
#include "bus/vdpa-node.h"
#include "vdpa/kernel/driver-limits.h"
#include "vdpa/model/settings.h"
#include "virtio/features.h"

#include <errno.h>

/* The mode with which vhost_vdpa creates nodes. */
#define NODE_MODE 0600

/* A driver that was given no address reports zeros, which "dev add" would refuse. */
static bool is_default(const struct setting *setting, const struct dev_new *dev)
{
	return setting->kind == SETTING_MAC && !mac_is_unicast(setting_value(setting, dev));
}

static void take_settings(const struct config *config, uint64_t taken, struct saved *saved)
{
	static const struct config nothing = { 0 };

	if (!config)
		config = &nothing;
	for (const struct setting *setting = settings; setting->word; setting++) {
		struct dev_new reported = { 0 };
		const uint64_t bit = BIT64(setting->attribute);

		if (!setting_take(setting, config, &reported)) {
			if (setting->kind == SETTING_FEATURES)
				saved->unknown |= bit;
		} else if (is_default(setting, &reported)) {
			continue;
		} else if (!(taken & bit)) {
			saved->unsettable |= bit;
		} else {
			setting_take(setting, config, &saved->dev);
		}
	}
}

/* Returns 0 or a negative errno. Rights that cannot be read must not be taken for the usual ones.
 */
static int take_rights(struct dev_new *dev)
{
	struct node_rights rights = { 0 };
	int ret = node_rights_read(dev->name, &rights);

	if (ret <= 0)
		return ret;
	if (rights.owner.value)
		dev->owner = rights.owner;
	if (rights.group.value)
		dev->group = rights.group;
	if (rights.mode.value != NODE_MODE)
		dev->mode = rights.mode;
	return 0;
}

int save_device(const struct state *state, const struct dev *dev, struct saved *saved,
		struct list *texts)
{
	const struct mgmtdev *mgmtdev;
	char words[SETTING_VALUE_SIZE];
	struct dev_new *new = &saved->dev;

	*saved = (struct saved){ .dev = { .name = dev->name } };
	new->mgmtdev.set = true;
	handle_parse(dev->mgmtdev, &new->mgmtdev.value);
	mgmtdev = state_mgmtdev(state, &new->mgmtdev.value);
	take_settings(state_config(state, dev->name), driver_limits_attributes(dev->mgmtdev),
		      saved);
	if (new->device_features.set) {
		/* With several types, the names of features need the type as well. */
		if (!mgmtdev || class_set_single(&mgmtdev->classes) == VIRTIO_TYPE_ANY)
			new->type = (struct opt_device_type){ .set = true, .id = dev->type.id };
		new->device_features.value.type = dev->type.id;
		virtio_features_format(new->device_features.value.bits, dev->type.id, words,
				       sizeof(words));
		new->device_features.words = list_text(texts, *words ? words : "0x0");
		if (!new->device_features.words)
			return -ENOMEM;
	}
	new->driver.name = dev->topology.driver ? dev->topology.driver : DRIVER_NONE;
	return take_rights(new);
}
