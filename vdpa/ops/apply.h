/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_APPLY_H
#define VDPA_APPLY_H

#include "base/list.h"
#include "plan.h"

struct apply_options {
	struct plan_options plan;
	struct opt_u16 wait; /* seconds, for what drivers make of devices; not given: no wait */
	bool each;	     /* each device is for itself: a failure undoes nothing of the others */
};

/*
 * Takes the lock of this host's devices, for which another run is waited for without limit.
 * @lock: gets a file descriptor, to be closed; -1 where the caller may not lock.
 */
int apply_lock(struct session *session, int *lock, struct err *err);

/*
 * Does what was planned for @wanted when the host was as in @state: deletes, adds, binds, sets,
 * waits, and looks again. Each step is marked as done, or gets what failed as its reason. What
 * fails undoes all that this run did before it, in reverse, unless each device is for itself; then
 * it is reported to the caller, and the others go on. Returns 0, or a negative errno with @err
 * filled.
 */
int apply_plan(struct session *session, const struct state *state, const struct list *wanted,
	       struct plan *plan, const struct apply_options *options, struct err *err);

#endif
