/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans the actions that bring the devices of this host into the state that files describe. */
#include "plan.h"

#include "abi/vdpa.h"
#include "base/list.h"
#include "base/text.h"
#include "bus/vdpa-bus.h"
#include "bus/vdpa-node.h"
#include "dev-add-checks.h"
#include "plan-compare.h"
#include "precheck.h"
#include "vdpa/kernel/bind.h"
#include "vdpa/kernel/explain.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/model/settings.h"
#include "virtio/features.h"

#include <errno.h>
#include <stdio.h>

#define VDUSE_CLASS "/sys/class/vduse"

/* Shared by all functions that plan one device. */
struct planner {
	struct session *session;
	const struct state *state;
	const struct plan_options *options;
	struct plan *plan;
	int can_set_mac; /* whether this kernel can: 1, 0 or a negative errno */
	bool failed;	 /* there was no memory for a text */
};

/* Decisions */

static const char *keep(struct planner *planner, const char *text)
{
	const char *copy = *text ? list_text(&planner->plan->texts, text) : NULL;

	planner->failed |= *text && !copy;
	return copy;
}

static void decide(struct step *step, enum plan_action action)
{
	step->action = action;
}

/* Decides for an action, with the reason and hint of @err. */
static void decide_by(struct planner *planner, struct step *step, enum plan_action action,
		      const struct err *err)
{
	step->action = action;
	step->reason = keep(planner, err->text);
	step->hint = keep(planner, err->hint);
	step->status = err_exit_status(err);
}

static void refuse(struct planner *planner, struct step *step, int code, const char *why,
		   const char *hint)
{
	struct err err;

	err_clear(&err);
	err_set(&err, code, "%s", why);
	if (hint)
		err_hint(&err, "%s", hint);
	decide_by(planner, step, PLAN_REFUSED, &err);
}

/* New devices */

/* Returns whether the VDUSE device exists, and whether a program serves it if that is needed. */
static bool vduse_is_there(const struct dev_new *dev, struct err *err)
{
	char path[512];

	snprintf(path, sizeof(path), VDUSE_CLASS "/%.255s", dev->name);
	if (access(path, F_OK)) {
		err_set(err, ENODEV, "there is no VDUSE device of this name yet");
		return false;
	}
	return !precheck_vduse(dev->name, dev->driver.name, err);
}

/* Returns another device on a management device that can have only one, or NULL. */
static const struct dev *find_occupant(const struct planner *planner, const struct dev_new *dev)
{
	const struct state *state = planner->state;

	if (!str_equal(dev->mgmtdev.value.bus, "pci"))
		return NULL;
	for (size_t i = 0; i < state->devs.count; i++) {
		const struct dev *other = state->devs.items[i];

		if (!str_equal(other->name, dev->name) &&
		    handle_matches(&dev->mgmtdev.value, other->mgmtdev))
			return other;
	}
	return NULL;
}

/*
 * Returns whether the plan deletes the device or moves it to another management device. We need not
 * know whether that will be refused: one refusal stops the whole plan.
 */
static bool will_leave(const struct planner *planner, const struct dev *dev)
{
	for (size_t i = 0; i < planner->plan->steps.count; i++) {
		const struct step *step = planner->plan->steps.items[i];

		if (step->dev == dev)
			return step->wanted->absent ||
			       !handle_matches(&step->wanted->dev.mgmtdev.value, dev->mgmtdev);
	}
	return planner->options->prune;
}

static int check_new(struct planner *planner, struct dev_new *dev, const struct mgmtdev *mgmtdev,
		     struct err *err)
{
	const struct dev *occupant = find_occupant(planner, dev);
	int ret = kernel_check_dev_new(&planner->session->nl, dev, err);

	if (!ret)
		ret = add_resolve(&caller_nobody, dev, mgmtdev, err);
	if (!ret && dev->max_vqp.set)
		ret = explain_queues(err, dev, mgmtdev);
	if (!ret)
		ret = bind_check(driver_name(&dev->driver), err);
	if (!ret && occupant && !will_leave(planner, occupant))
		ret = err_set(err, EBUSY, "'%s' has room for one device and holds '%s'",
			      mgmtdev->name, occupant->name);
	return ret;
}

static void plan_new(struct planner *planner, struct step *step)
{
	struct dev_new *dev = &step->wanted->dev;
	const struct mgmtdev *mgmtdev = state_mgmtdev(planner->state, &dev->mgmtdev.value);
	struct err err;

	err_clear(&err);
	if (!mgmtdev) {
		err_set(&err, ENODEV, "management device '%s' is not there",
			dev->mgmtdev.value.text);
		explain_no_mgmtdev(&err, &dev->mgmtdev.value);
		decide_by(planner, step, PLAN_PENDING, &err);
	} else if (str_equal(mgmtdev->name, "vduse") && !vduse_is_there(dev, &err)) {
		decide_by(planner, step, PLAN_PENDING, &err);
	} else if (check_new(planner, dev, mgmtdev, &err)) {
		decide_by(planner, step, PLAN_REFUSED, &err);
	} else {
		decide(step, PLAN_ADD);
	}
}

/* Devices that exist */

/* Replacing takes the device away from its user, so it needs the user's word "replace". */
static void refuse_replacing(struct planner *planner, struct step *step)
{
	const uint32_t fixed = step_fixed_differences(step, planner->can_set_mac > 0);
	char names[128], why[256];
	struct text text = text_begin(names, sizeof(names));

	if (fixed & BIT64(PLAN_MGMTDEV))
		text_join(&text, ", ", "mgmtdev");
	if (fixed & BIT64(PLAN_TYPE))
		text_join(&text, ", ", "type");
	for (size_t i = 0; settings[i].word; i++)
		if (fixed & BIT64(i))
			text_join(&text, ", ", "%s", settings[i].word);
	snprintf(why, sizeof(why), "it differs in %s, which cannot be changed", names);
	refuse(planner, step, EEXIST, why, "the word 'replace' deletes and creates it again");
}

static void plan_replace(struct planner *planner, struct step *step)
{
	const struct mgmtdev *mgmtdev =
		state_mgmtdev(planner->state, &step->wanted->dev.mgmtdev.value);
	struct err err;

	err_clear(&err);
	if (!planner->options->replace)
		refuse_replacing(planner, step);
	else if (precheck_del(step->name, &err))
		decide_by(planner, step, PLAN_REFUSED, &err);
	else if (!mgmtdev)
		refuse(planner, step, ENODEV,
		       "the management device that it must move to does not exist", NULL);
	else if (check_new(planner, &step->wanted->dev, mgmtdev, &err))
		decide_by(planner, step, PLAN_REFUSED, &err);
	else
		decide(step, PLAN_REPLACE);
}

static void plan_bind(struct planner *planner, struct step *step)
{
	const struct dev_new *dev = &step->wanted->dev;
	struct err err;

	err_clear(&err);
	if (precheck_bind(step->name, dev->driver.name, &err) ||
	    bind_check(driver_name(&dev->driver), &err) ||
	    bind_check_override(step->name, driver_name(&dev->driver), &err))
		decide_by(planner, step, PLAN_REFUSED, &err);
	else
		decide(step, PLAN_BIND);
}

static void plan_drift(struct planner *planner, struct step *step)
{
	struct err err;

	err_clear(&err);
	err_set(&err, EBUSY, "its guest has set another MAC address, which is left alone");
	decide_by(planner, step, PLAN_DRIFT, &err);
}

static void plan_unknown(struct planner *planner, struct step *step)
{
	struct err err;

	err_clear(&err);
	err_set(&err, ENODATA, "the kernel does not report all settings that the file asks for");
	decide_by(planner, step, PLAN_UNKNOWN, &err);
}

/* Chooses the action that covers all differences: replacing covers binding, binding setting. */
static void choose(struct planner *planner, struct step *step, bool unknown)
{
	if (step_guest_sets_mac(step))
		step->differs &= ~step_mac_difference(step);
	if (step_fixed_differences(step, planner->can_set_mac > 0))
		plan_replace(planner, step);
	else if (step->differs & BIT64(PLAN_DRIVER))
		plan_bind(planner, step);
	else if (step->differs)
		decide(step, PLAN_SET);
	else if (unknown)
		plan_unknown(planner, step);
	else
		decide(step, PLAN_SAME);
}

static void plan_existing(struct planner *planner, struct step *step)
{
	struct dev_new *dev = &step->wanted->dev;
	const struct mgmtdev *mgmtdev = state_mgmtdev(planner->state, &dev->mgmtdev.value);
	bool unknown, drifts;
	struct err err;

	err_clear(&err);
	if (mgmtdev && add_resolve(&caller_nobody, dev, mgmtdev, &err)) {
		decide_by(planner, step, PLAN_REFUSED, &err);
		return;
	}
	unknown = step_compare(planner->state, step);
	drifts = step_mac_difference(step) && step_guest_sets_mac(step);
	choose(planner, step, unknown);
	if (drifts && step->action == PLAN_SAME)
		plan_drift(planner, step);
}

static void plan_absent(struct planner *planner, struct step *step)
{
	struct err err;

	err_clear(&err);
	if (!step->dev)
		decide(step, PLAN_SAME);
	else if (precheck_del(step->name, &err))
		decide_by(planner, step, PLAN_REFUSED, &err);
	else
		decide(step, PLAN_DELETE);
}

/* All of them */

static struct step *new_step(struct planner *planner, const char *name, struct wanted *wanted,
			     const struct dev *dev)
{
	struct step *step = list_new(&planner->plan->steps, sizeof(*step));

	if (step)
		*step = (struct step){ .name = name,
				       .wanted = wanted,
				       .dev = dev,
				       .config = dev ? state_config(planner->state, name) : NULL };
	return step;
}

/* Returns an array that says for each management device whether a file names it, or NULL. */
static bool *find_named(const struct state *state, const struct list *wanted)
{
	bool *named = calloc(state->mgmtdevs.count + 1, sizeof(*named));

	for (size_t i = 0; named && i < state->mgmtdevs.count; i++) {
		const struct mgmtdev *mgmtdev = state->mgmtdevs.items[i];

		for (size_t j = 0; !named[i] && j < wanted->count; j++) {
			const struct wanted *one = wanted->items[j];

			named[i] = !one->absent &&
				   handle_matches(&one->dev.mgmtdev.value, mgmtdev->name);
		}
	}
	return named;
}

static bool is_named(const struct state *state, const bool *named, const struct dev *dev)
{
	for (size_t i = 0; i < state->mgmtdevs.count; i++)
		if (str_equal(((const struct mgmtdev *)state->mgmtdevs.items[i])->name,
			      dev->mgmtdev))
			return named[i];
	return false;
}

static int plan_pruned(struct planner *planner, const struct list *wanted, struct err *err)
{
	_cleanup_(index_release) struct index index = INDEX_INIT(struct wanted, name);
	_cleanup_free_ bool *named = find_named(planner->state, wanted);
	const struct list *devs = &planner->state->devs;

	if (!named || index_build(&index, wanted))
		return err_memory(err);
	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];
		struct step *step;

		if (index_find(&index, dev->name) || !is_named(planner->state, named, dev))
			continue;
		step = new_step(planner, dev->name, NULL, dev);
		if (!step)
			return err_memory(err);
		plan_absent(planner, step);
	}
	return 0;
}

/* All steps are listed before any is planned, since a device that leaves makes room for others. */
static int plan_wanted(struct planner *planner, const struct list *wanted, struct err *err)
{
	for (size_t i = 0; i < wanted->count; i++) {
		struct wanted *one = wanted->items[i];

		if (!new_step(planner, one->name, one, state_dev(planner->state, one->name)))
			return err_memory(err);
	}
	for (size_t i = 0; i < planner->plan->steps.count; i++) {
		struct step *step = planner->plan->steps.items[i];

		if (step->wanted->absent)
			plan_absent(planner, step);
		else if (step->dev)
			plan_existing(planner, step);
		else
			plan_new(planner, step);
	}
	return 0;
}

int plan_make(struct session *session, const struct state *state, const struct list *wanted,
	      const struct plan_options *options, struct plan *plan, struct err *err)
{
	struct planner planner = {
		.session = session,
		.state = state,
		.options = options,
		.plan = plan,
		.can_set_mac = nl_has_command(&session->nl, VDPA_CMD_DEV_ATTR_SET, err),
	};
	int ret;

	ret = plan_wanted(&planner, wanted, err);
	if (!ret && options->prune)
		ret = plan_pruned(&planner, wanted, err);
	if (!ret && planner.failed)
		ret = err_memory(err);
	for (size_t i = 0; i < plan->steps.count; i++)
		plan->counts[((const struct step *)plan->steps.items[i])->action]++;
	return ret;
}

bool plan_changes(const struct plan *plan)
{
	for (int action = 0; action < PLAN_ACTIONS; action++)
		if (plan_action_changes(action) && plan->counts[action])
			return true;
	return false;
}

void plan_release(struct plan *plan)
{
	list_clear(&plan->steps);
	list_clear(&plan->texts);
}
