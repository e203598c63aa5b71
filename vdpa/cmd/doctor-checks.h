/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_CHECKS_H
#define VDPA_CHECKS_H

#include "base/num.h"
#include "doctor/doctor.h"
#include "sys/nl.h"

/* The checks of "vdpa doctor", besides those that all tools share. */

/* The kernel's answers, in memory that is shared with the child process that asks. */
struct answers {
	bool stuck; /* no answer came: another request blocks the family */
	bool has_family;
	struct err no_family; /* why there is no family */
	bool can_set;	      /* an existing device can be changed */
	unsigned int commands;
	struct err no_list; /* why the lists could not be read; code 0: they were */
	struct name_list mgmtdevs;
	struct name_list unmanaged; /* devices that no management device created */
	size_t devs;
	bool room, has_vduse; /* a device can be added; VDUSE's management device exists */
};

/*
 * Asks the kernel, in a child process: while a request of another program is stuck, ours would hang
 * with it. Returns NULL if there is no memory.
 */
struct answers *answers_get(void);
void answers_free(struct answers *const *answers);

/* For a kernel that does not answer: sets a hint that names the process or device to blame. */
void hint_stuck_kernel(struct err *err);

void check_rights(struct doctor *doctor, const struct answers *answers);
void check_mgmtdevs(struct doctor *doctor, const struct answers *answers);

/* Checks cards that are known to support vDPA, and names the setup that they lack. */
void check_cards(struct doctor *doctor);
void check_nodes(struct doctor *doctor);

/* Checks the files, the unit and the rule that create devices at boot. */
void check_boot(struct doctor *doctor);

/*
 * Checks the limit of locked memory, of process @pid or of our own. Returns 0, or -ESRCH with @err
 * filled.
 */
int check_memlock(struct doctor *doctor, const struct opt_u32 *pid, struct err *err);

#endif
