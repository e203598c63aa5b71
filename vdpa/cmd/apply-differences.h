/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_APPLY_DIFFERENCES_H
#define VDPA_APPLY_DIFFERENCES_H

#include "commands.h"
#include "vdpa/model/plan.h"
#include "vdpa/ops/metrics.h"

/* How the devices of this host differ from the files that are applied at boot. */
struct differences {
	bool present;  /* the directory of these files is there */
	bool readable; /* they could be read and compared; otherwise nothing is known */
	size_t counts[PLAN_ACTIONS]; /* of devices, by what "apply" would do about them */
};

/* Whether an action says that the device differs from what its file says. */
bool differences_count(enum plan_action action);

/*
 * Compares the files with what was collected, as "apply DIRECTORY check" does; few requests are
 * sent, and none that changes anything. Why files cannot be read or compared is a warning: the
 * other metrics are as good as without it.
 */
void differences_find(struct vdpa *vdpa, const struct metrics *metrics,
		      struct differences *differences);

#endif
