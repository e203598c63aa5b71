/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rolls back the changes of a run of apply that failed. */
#include "apply-undo.h"

#include "base/list.h"
#include "bus/vdpa-node.h"
#include "dev-add.h"
#include "sys/guard.h"
#include "vdpa/kernel/bind.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/model/settings.h"

#include <errno.h>
#include <stdio.h>

int journal_open(struct journal *journal, const struct plan *plan)
{
	*journal = (struct journal){ .plan = plan };
	journal->entries = calloc(plan->steps.count + 1, sizeof(*journal->entries));
	return journal->entries ? 0 : -ENOMEM;
}

static struct step *step_at(const struct journal *journal, size_t index)
{
	return journal->plan->steps.items[index];
}

int journal_keep(struct journal *journal, const struct state *state, size_t index)
{
	struct saved *saved = list_new(&journal->saved, sizeof(*saved));

	if (!saved || save_device(state, step_at(journal, index)->dev, saved, &journal->texts))
		return -ENOMEM;
	journal->entries[index].before = saved;
	return 0;
}

void journal_note(struct journal *journal, size_t index, enum journal_part part)
{
	journal->entries[index].parts |= BIT64(part);
}

/* Settings that the kernel does not report are lost with the device: say that they are missing. */
static int restore_deleted(struct session *session, const struct saved *before, struct err *err)
{
	struct dev_added added;
	int ret = dev_add(session, &before->dev, &added, err);

	if (ret || !(before->unknown | before->unsettable))
		return ret;
	return err_set(
		err, ENODATA,
		"it exists again, without settings that the kernel does not report or accept");
}

/* vhost_vdpa creates a new node each time it binds, with the kernel's default owner and mode. */
static int restore_driver(const struct step *step, const struct dev_new *before, struct err *err)
{
	const struct node_rights rights = { before->owner, before->group, before->mode };
	int ret = bind_set(step->name, step->dev->topology.driver, err);

	if (!ret && node_rights_given(&rights))
		ret = node_rights_set(step->name, &rights, err);
	return ret;
}

static int undo_part(struct session *session, const struct journal *journal, size_t index,
		     enum journal_part part, struct err *err)
{
	const struct step *step = step_at(journal, index);
	const struct node_rights rights = { step->rights[0], step->rights[1], step->rights[2] };
	bool unseen;

	switch (part) {
	case JOURNAL_RIGHTS:
		return node_rights_given(&rights) ? node_rights_set(step->name, &rights, err) : 0;
	case JOURNAL_MAC:
		return kernel_dev_set_mac(&session->nl, step->name, &step->config->mac, &unseen,
					  err);
	case JOURNAL_BOUND:
		return restore_driver(step, &journal->entries[index].before->dev, err);
	case JOURNAL_ADDED:
		return kernel_dev_undo(&session->nl, step->name, err);
	default:
		return restore_deleted(session, journal->entries[index].before, err);
	}
}

/* Undoes one part if it was done. Returns whether that succeeded. */
static bool try_part(struct session *session, const struct journal *journal, size_t index,
		     enum journal_part part, struct err *err)
{
	struct entry *entry = &journal->entries[index];
	struct step *step = step_at(journal, index);
	struct err why;
	int ret;

	if (!(entry->parts & BIT64(part)))
		return false;
	entry->parts &= ~BIT64(part);
	step->done = false;
	err_clear(&why);
	ret = undo_part(session, journal, index, part, &why);
	if (ret)
		err_append(err, "; '%.255s' could not be restored: %.300s", step->name, why.text);
	node_link_or_warn(step->name, session->caller);
	return !ret;
}

void journal_undo_one(struct session *session, struct journal *journal, size_t index,
		      struct err *err)
{
	bool undone = false;

	guard_undo(true);
	for (int part = JOURNAL_PARTS; part--;)
		undone |= try_part(session, journal, index, part, err);
	guard_undo(false);
	if (undone)
		err_append(err, "; it was restored");
}

void journal_undo(struct session *session, struct journal *journal, struct err *err)
{
	size_t undone = 0;

	guard_undo(true);
	for (int part = JOURNAL_PARTS; part--;)
		for (size_t i = journal->plan->steps.count; i--;)
			undone += try_part(session, journal, i, part, err);
	guard_undo(false);
	if (undone)
		err_append(err, "; all changes of this run were undone");
}

void journal_release(struct journal *journal)
{
	free(journal->entries);
	list_clear(&journal->saved);
	list_clear(&journal->texts);
}
