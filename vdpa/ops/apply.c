/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries out a plan, with a rollback if it fails. */
#include "apply.h"

#include "abi/vdpa.h"
#include "apply-undo.h"
#include "base/clock.h"
#include "base/list.h"
#include "bus/vdpa-node.h"
#include "dev-add.h"
#include "dev-del.h"
#include "dev-set.h"
#include "sys/guard.h"
#include "sys/sysfs.h"
#include "sys/uevent.h"
#include "vdpa/kernel/bind.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/model/settings.h"

#include <errno.h>

/* A file of the bus itself: only root may write it, and no other program locks it. */
#define LOCK VDPA_BUS "/uevent"

/* Receive buffer for the events that arrive while devices are created: bytes. */
#define EVENTS_SIZE (8 << 20)

struct run {
	struct session *session;
	const struct state *state;
	struct plan *plan;
	const struct apply_options *options;
	struct journal journal;
	struct uevents uevents;
	int64_t end; /* of the wait for all devices together, in milliseconds */
};

int apply_lock(struct session *session, int *lock, struct err *err)
{
	bool said = false;
	int ret;

	do {
		close_file(lock);
		ret = sysfs_lock(LOCK, false, lock, err);
		if (ret == -EBUSY && !said)
			caller_warn(session->caller, "waiting for another run: %s", err->text);
		said = true;
	} while (ret == -EBUSY);
	return ret;
}

/* Parts of a step: each function does one part, or nothing if the step's action lacks it. */

static int do_delete(struct run *run, struct step *step, size_t index, struct err *err)
{
	int ret;

	if (step->action != PLAN_DELETE && step->action != PLAN_REPLACE)
		return 0;
	if (journal_keep(&run->journal, run->state, index))
		return err_memory(err);
	ret = dev_del(run->session, step->name, err);
	/* Another program has deleted it already. */
	if (ret == -ENODEV)
		return 0;
	if (!ret)
		journal_note(&run->journal, index, JOURNAL_DELETED);
	return ret;
}

static int do_add(struct run *run, struct step *step, size_t index, struct err *err)
{
	struct dev_added added;
	struct dev_new dev;
	int ret;

	if (step->action != PLAN_ADD && step->action != PLAN_REPLACE)
		return 0;
	dev = step->wanted->dev;
	dev.wait.set = dev.ensure = false;
	ret = dev_add(run->session, &dev, &added, err);
	if (!ret)
		journal_note(&run->journal, index, JOURNAL_ADDED);
	return ret;
}

static int do_bind(struct run *run, struct step *step, size_t index, struct err *err)
{
	struct set_args set = { .name = step->name };
	int ret;

	if (step->action != PLAN_BIND)
		return 0;
	if (journal_keep(&run->journal, run->state, index))
		return err_memory(err);
	set.driver = step->wanted->dev.driver;
	ret = dev_set(run->session, &set, err);
	if (!ret)
		journal_note(&run->journal, index, JOURNAL_BOUND);
	return ret;
}

static bool mac_differs(const struct step *step)
{
	for (size_t i = 0; settings[i].word; i++)
		if (settings[i].kind == SETTING_MAC && step->differs & BIT64(i))
			return true;
	return false;
}

static int do_set_mac(struct run *run, struct step *step, size_t index, struct err *err)
{
	bool unseen;
	int ret;

	if ((step->action != PLAN_SET && step->action != PLAN_BIND) || !mac_differs(step))
		return 0;
	ret = kernel_dev_set_mac(&run->session->nl, step->name, &step->wanted->dev.mac.value,
				 &unseen, err);
	if (!ret)
		journal_note(&run->journal, index, JOURNAL_MAC);
	return ret;
}

static int do_set_rights(struct run *run, struct step *step, size_t index, struct err *err)
{
	struct node_rights rights;
	int ret;

	if (step->action != PLAN_SET && step->action != PLAN_BIND)
		return 0;
	rights = (struct node_rights){ step->wanted->dev.owner, step->wanted->dev.group,
				       step->wanted->dev.mode };
	if (!node_rights_given(&rights))
		return 0;
	ret = node_rights_set(step->name, &rights, err);
	if (ret)
		err_context(err, "node of '%.255s'", step->name);
	else
		journal_note(&run->journal, index, JOURNAL_RIGHTS);
	return ret;
}

/* All devices share the time of the word "wait": a hundred slow ones must not delay the boot. */
static int do_wait(struct run *run, struct step *step, size_t index _unused_, struct err *err)
{
	const struct opt_u16 *wait = &run->options->wait;
	const char *driver;
	int64_t left;
	int ret;

	if (step->action != PLAN_ADD && step->action != PLAN_REPLACE && step->action != PLAN_BIND)
		return 0;
	driver = driver_name(&step->wanted->dev.driver);
	if (step->wanted->dev.wait.set)
		wait = &step->wanted->dev.wait;
	if (!driver || !wait->set)
		return 0;
	left = run->options->wait.set ? (run->end - clock_milliseconds() + 999) / 1000
				      : (int64_t)wait->value;
	ret = bind_wait(&run->uevents, step->name, driver, left > 0 ? (unsigned int)left : 0, err);
	if (ret)
		err_context(err, "'%.255s'", step->name);
	return ret;
}

static int mark_done(struct run *run _unused_, struct step *step, size_t index _unused_,
		     struct err *err _unused_)
{
	step->done = true;
	return 0;
}

typedef int step_part(struct run *run, struct step *step, size_t index, struct err *err);

/* Records the failure of a step, whose other parts are skipped. Returns 0 if the run goes on. */
static int fail(struct run *run, struct step *step, size_t index, struct err *err)
{
	const bool interrupted = guard_check(&(struct err){ 0 });

	if (run->options->each && !interrupted)
		journal_undo_one(run->session, &run->journal, index, err);
	step->status = err_exit_status(err);
	step->reason = list_text(&run->plan->texts, err->text);
	step->hint = err->hint[0] ? list_text(&run->plan->texts, err->hint) : NULL;
	if (!run->options->each || interrupted)
		return -err->code;
	caller_report(run->session->caller, err);
	return 0;
}

static int do_part(struct run *run, step_part *part, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < run->plan->steps.count; i++) {
		struct step *step = run->plan->steps.items[i];

		if (!plan_action_changes(step->action) || step->reason)
			continue;
		ret = guard_check(err);
		if (!ret)
			ret = part(run, step, i, err);
		if (ret)
			ret = fail(run, step, i, err);
	}
	return ret;
}

/* Looking again */

static bool is_as_wanted(const struct step *now)
{
	return !plan_action_changes(now->action) && now->action != PLAN_REFUSED;
}

static int compare_step(struct run *run, const struct plan *now, size_t index, struct err *err)
{
	struct step *step = run->plan->steps.items[index];
	const struct step *after = now->steps.items[index];

	if (!step->done || is_as_wanted(after))
		return 0;
	err_set(err, EREMCHG,
		"'%.255s' still differs from the file, although the kernel reported "
		"success",
		step->name);
	err_hint(err, "'vdpa apply ... check' shows what differs");
	step->reason = NULL;
	return fail(run, step, index, err);
}

/*
 * Reads the state once more and plans again: if a device that we have changed still differs, the
 * kernel has ignored something. Old kernels skip attributes, and cards drop features.
 */
static int look_again(struct run *run, const struct list *wanted, struct err *err)
{
	_cleanup_(state_release) struct state state = STATE_INIT;
	_cleanup_(plan_release) struct plan now = { 0 };
	int ret = state_read(run->session, &state, err);

	if (!ret)
		ret = plan_make(run->session, &state, wanted, &(struct plan_options){ 0 }, &now,
				err);
	for (size_t i = 0; !ret && i < now.steps.count; i++)
		ret = compare_step(run, &now, i, err);
	return ret;
}

/* Everything together */

static int do_all(struct run *run, const struct list *wanted, struct err *err)
{
	static step_part *const parts[] = { do_delete,	   do_add,  do_bind,  do_set_mac,
					    do_set_rights, do_wait, mark_done };
	int ret = uevents_open(&run->uevents, EVENTS_SIZE, err);

	for (size_t i = 0; !ret && i < ARRAY_SIZE(parts); i++)
		ret = do_part(run, parts[i], err);
	if (!ret)
		ret = look_again(run, wanted, err);
	return ret ? ret : guard_commit(err);
}

int apply_plan(struct session *session, const struct state *state, const struct list *wanted,
	       struct plan *plan, const struct apply_options *options, struct err *err)
{
	struct run run = { .session = session,
			   .state = state,
			   .plan = plan,
			   .options = options,
			   .uevents.fd = -1,
			   .end = clock_milliseconds() + 1000 * (int64_t)options->wait.value };
	const bool force = session->caller->force;
	int ret;

	if (!plan_changes(plan))
		return 0;
	/* -f means here that devices are for themselves; it must not skip the safety checks. */
	session->caller->force = false;
	guard_hold();
	ret = journal_open(&run.journal, plan) ? err_memory(err) : do_all(&run, wanted, err);
	if (ret && run.journal.entries)
		journal_undo(session, &run.journal, err);
	guard_release();
	session->caller->force = force;
	uevents_release(&run.uevents);
	journal_release(&run.journal);
	return ret;
}
