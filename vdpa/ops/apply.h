/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_APPLY_H
#define VDPA_APPLY_H

#include "base/list.h"
#include "plan.h"

struct apply_options {
	struct plan_options plan;
	struct opt_u16 wait; /* seconds to wait for nodes, interfaces and disks; unset: no wait */
	bool each;	     /* each device is for itself: a failure does not undo the others */
};

/*
 * Takes the lock that runs of "apply" share on this host; waits for another run without limit.
 * @lock: gets a file descriptor, to be closed; -1 if the caller may not lock.
 */
int apply_lock(struct session *session, int *lock, struct err *err);

/*
 * Carries out @plan, which was made for @wanted when the host was in @state: deletes, adds, binds,
 * sets, waits, and compares again. Each step is marked as done, or gets the failure as its reason.
 * A failure undoes everything that this run did before, in reverse. If each device is for itself,
 * the failure undoes that device alone and is reported to the caller, and the others go on.
 * Returns 0, or a negative errno with @err filled.
 */
int apply_plan(struct session *session, const struct state *state, const struct list *wanted,
	       struct plan *plan, const struct apply_options *options, struct err *err);

#endif
