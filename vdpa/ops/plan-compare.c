/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares an existing device with its line in a file. */
#include "plan-compare.h"

#include "abi/vdpa.h"
#include "bus/vdpa-node.h"
#include "vdpa/model/settings.h"
#include "virtio/features.h"

#define VIRTIO_FEATURE_NET_CTRL_MAC_ADDR 23

static bool is_mac(const struct setting *setting)
{
	return setting->kind == SETTING_MAC;
}

/*
 * mlx5_vdpa and ifcvf silently drop requested features that the card lacks. A device that offers
 * all the others cannot be improved by creating it again, so it counts as the same.
 */
static bool is_as_far_as_possible(const struct state *state, const struct step *step,
				  const struct setting *setting)
{
	const struct mgmtdev *mgmtdev = state_mgmtdev(state, &step->wanted->dev.mgmtdev.value);

	return setting->kind == SETTING_FEATURES && mgmtdev && mgmtdev->features.bits &&
	       step->config->features.bits ==
		       (step->wanted->dev.device_features.value.bits & mgmtdev->features.bits);
}

static void compare_settings(const struct state *state, struct step *step, bool *unknown)
{
	static const struct config nothing = { 0 };
	const struct config *config = step->config ? step->config : &nothing;

	for (size_t i = 0; settings[i].word; i++) {
		switch (setting_compare(&settings[i], &step->wanted->dev, config)) {
		case SETTING_SAME:
			break;
		case SETTING_UNKNOWN:
			*unknown = true;
			break;
		case SETTING_DIFFERENT:
			if (!is_as_far_as_possible(state, step, &settings[i]))
				step->differs |= BIT64(i);
			break;
		}
	}
}

static void compare_right(struct step *step, const struct opt_u32 *wanted, size_t number,
			  enum plan_difference bit)
{
	const struct opt_u32 *current = &step->rights[number];

	if (wanted->set && (!current->set || current->value != wanted->value))
		step->differs |= BIT64(bit);
}

static void compare_rights(struct step *step)
{
	const struct dev_new *dev = &step->wanted->dev;
	struct node_rights rights = { 0 };

	if (!dev->owner.set && !dev->group.set && !dev->mode.set)
		return;
	node_rights_read(dev->name, &rights);
	step->rights[0] = rights.owner;
	step->rights[1] = rights.group;
	step->rights[2] = rights.mode;
	compare_right(step, &dev->owner, 0, PLAN_OWNER);
	compare_right(step, &dev->group, 1, PLAN_GROUP);
	compare_right(step, &dev->mode, 2, PLAN_MODE);
}

static void compare_driver(struct step *step)
{
	const char *wanted = step->wanted->dev.driver.name;
	const char *current = step->dev->topology.driver ? step->dev->topology.driver : DRIVER_NONE;

	/* Owner, group and mode belong to a node, and only vhost_vdpa creates one. */
	if (!wanted &&
	    (step->differs & (BIT64(PLAN_OWNER) | BIT64(PLAN_GROUP) | BIT64(PLAN_MODE))) &&
	    !str_equal(current, VDPA_DRIVER_VHOST))
		step->wanted->dev.driver.name = wanted = VDPA_DRIVER_VHOST;
	if (wanted && !str_equal(wanted, current))
		step->differs |= BIT64(PLAN_DRIVER);
}

static void compare_base(struct step *step)
{
	const struct dev_new *dev = &step->wanted->dev;

	if (!handle_matches(&dev->mgmtdev.value, step->dev->mgmtdev))
		step->differs |= BIT64(PLAN_MGMTDEV);
	if (dev->type.set && dev->type.id != step->dev->type.id)
		step->differs |= BIT64(PLAN_TYPE);
}

bool step_guest_sets_mac(const struct step *step)
{
	return step->config && step->config->present & BIT64(CONFIG_HAS_NEGOTIATED) &&
	       step->config->negotiated.bits & BIT64(VIRTIO_FEATURE_NET_CTRL_MAC_ADDR);
}

uint32_t step_fixed_differences(const struct step *step, bool can_set_mac)
{
	uint32_t fixed = step->differs & (BIT64(PLAN_MGMTDEV) | BIT64(PLAN_TYPE));

	for (size_t i = 0; settings[i].word; i++)
		if (!is_mac(&settings[i]) || !can_set_mac)
			fixed |= step->differs & BIT64(i);
	return fixed;
}

uint32_t step_mac_difference(const struct step *step)
{
	for (size_t i = 0; settings[i].word; i++)
		if (is_mac(&settings[i]))
			return step->differs & BIT64(i);
	return 0;
}

bool step_compare(const struct state *state, struct step *step)
{
	bool unknown = false;

	compare_base(step);
	compare_settings(state, step, &unknown);
	compare_rights(step);
	compare_driver(step);
	return unknown;
}
