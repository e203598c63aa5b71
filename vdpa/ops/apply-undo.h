/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_APPLY_UNDO_H
#define VDPA_APPLY_UNDO_H

#include "base/list.h"
#include "plan.h"
#include "save.h"

/* What was done for a device, in the order in which a run does it. */
enum journal_part {
	JOURNAL_DELETED,
	JOURNAL_ADDED,
	JOURNAL_BOUND,
	JOURNAL_MAC,
	JOURNAL_RIGHTS,
	JOURNAL_PARTS,
};

struct entry {
	unsigned int parts;   /* bit N for part N */
	struct saved *before; /* of a device that was deleted or bound */
};

/* What a run did, so that it can be undone in reverse: an entry for each step of its plan. */
struct journal {
	const struct plan *plan;
	struct entry *entries;
	struct list saved, texts;
};

/* Returns 0 or -ENOMEM. Release it in any case. */
int journal_open(struct journal *journal, const struct plan *plan);

/*
 * Remembers how the device of step @index is, before it is deleted or loses its node. Returns 0 or
 * -ENOMEM.
 */
int journal_keep(struct journal *journal, const struct state *state, size_t index);

void journal_note(struct journal *journal, size_t index, enum journal_part part);

/*
 * Undoes all of it, the last first, also after a signal, and adds to @err how that went: which
 * devices could not be restored, and why. The steps are no longer done.
 */
void journal_undo(struct session *session, struct journal *journal, struct err *err);

/* The same for one step. */
void journal_undo_one(struct session *session, struct journal *journal, size_t index,
		      struct err *err);

void journal_release(struct journal *journal);

#endif
