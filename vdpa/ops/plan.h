/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_PLAN_OPS_H
#define VDPA_PLAN_OPS_H

#include "base/list.h"
#include "state.h"
#include "vdpa/model/plan.h"

/* What is to be done so that the host is as it is wanted. */
struct plan {
	struct list
		steps; /* of struct step: those that are wanted in their order, then the others */
	struct list texts; /* the strings of these */
	size_t counts[PLAN_ACTIONS];
};

/* What the user permits. */
struct plan_options {
	bool prune;   /* delete what no file names, on the management devices that they name */
	bool replace; /* delete and create again what differs otherwise */
};

/*
 * Plans for all of @wanted, items of struct wanted, in whose devices the features' words and the
 * like are resolved. Nothing is sent that changes anything.
 * Returns 0, or a negative errno with @err filled.
 */
int plan_make(struct session *session, const struct state *state, const struct list *wanted,
	      const struct plan_options *options, struct plan *plan, struct err *err);

/* Whether anything is to be changed. */
bool plan_changes(const struct plan *plan);

void plan_release(struct plan *plan);

#endif
