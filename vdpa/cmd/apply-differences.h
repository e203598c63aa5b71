/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_APPLY_DIFFERENCES_H
#define VDPA_APPLY_DIFFERENCES_H

#include "commands.h"
#include "vdpa/model/plan.h"
#include "vdpa/ops/metrics.h"

/* How the devices of this host differ from the files that are applied at boot. */
struct differences {
	bool present;		     /* the directory of these files exists */
	bool readable;		     /* they could be read and compared: the counts are valid */
	size_t counts[PLAN_ACTIONS]; /* devices by the action that "apply" would plan */
};

/* Returns whether an action means that the device differs from its file. */
bool differences_count(enum plan_action action);

/*
 * Compares the files with the collected metrics, as "apply DIRECTORY check" does. Few requests are
 * sent, and none that changes anything. A file that cannot be read or compared is a warning only,
 * since the other metrics stay valid.
 */
void differences_find(struct vdpa *vdpa, const struct metrics *metrics,
		      struct differences *differences);

#endif
