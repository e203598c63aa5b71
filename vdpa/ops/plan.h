/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_PLAN_OPS_H
#define VDPA_PLAN_OPS_H

#include "base/list.h"
#include "state.h"
#include "vdpa/model/plan.h"

/* The actions that bring the host into the wanted state. */
struct plan {
	struct list steps; /* of struct step: wanted devices in their order, then pruned ones */
	struct list texts; /* the strings of the steps */
	size_t counts[PLAN_ACTIONS];
};

/* Actions that the user must permit. */
struct plan_options {
	bool prune;   /* delete devices that no file names, on management devices of the files */
	bool replace; /* delete and create again devices that cannot be changed as wanted */
};

/*
 * Plans an action for each item of @wanted, of struct wanted, and resolves the features and the
 * like of its device. No request that changes anything is sent.
 * Returns 0, or a negative errno with @err filled.
 */
int plan_make(struct session *session, const struct state *state, const struct list *wanted,
	      const struct plan_options *options, struct plan *plan, struct err *err);

/* Returns whether the plan changes anything. */
bool plan_changes(const struct plan *plan);

void plan_release(struct plan *plan);

#endif
