/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_APPLY_UNDO_H
#define VDPA_APPLY_UNDO_H

#include "base/list.h"
#include "plan.h"
#include "save.h"

/* The parts of a step, in the order in which a run does them. */
enum journal_part {
	JOURNAL_DELETED,
	JOURNAL_ADDED,
	JOURNAL_BOUND,
	JOURNAL_MAC,
	JOURNAL_RIGHTS,
	JOURNAL_PARTS,
};

struct entry {
	unsigned int parts;   /* parts that were done: bit N for part N */
	struct saved *before; /* the device before it was deleted or bound, or NULL */
};

/* The changes of a run, for the rollback: an entry for each step of its plan. */
struct journal {
	const struct plan *plan;
	struct entry *entries;
	struct list saved, texts;
};

/* Returns 0 or -ENOMEM; call journal_release() in both cases. */
int journal_open(struct journal *journal, const struct plan *plan);

/*
 * Saves the device of step @index before it is deleted or loses its node. Returns 0 or -ENOMEM.
 */
int journal_keep(struct journal *journal, const struct state *state, size_t index);

/* Records that a part of step @index was done. */
void journal_note(struct journal *journal, size_t index, enum journal_part part);

/*
 * Undoes all recorded parts, the last first, also after a signal. Appends the result to @err: which
 * devices could not be restored, and why. The steps are no longer marked as done.
 */
void journal_undo(struct session *session, struct journal *journal, struct err *err);

/* The same for one step. */
void journal_undo_one(struct session *session, struct journal *journal, size_t index,
		      struct err *err);

void journal_release(struct journal *journal);

#endif
