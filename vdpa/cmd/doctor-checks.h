/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_CHECKS_H
#define VDPA_CHECKS_H

#include "base/num.h"
#include "doctor/doctor.h"
#include "sys/nl.h"

/* What vdpa's doctor looks at beside the checks of all tools. */

/* What the kernel said, in memory that is shared with the process that asked. */
struct answers {
	bool stuck; /* it did not answer: another request waits without end */
	bool has_family;
	struct err no_family; /* why not */
	bool can_set;	      /* a device that exists can be changed */
	unsigned int commands;
	struct err no_list; /* why the lists could not be had, or without a code */
	struct name_list mgmtdevs;
	struct name_list unmanaged; /* devices that no management device made */
	size_t devs;
	bool room, has_vduse;
};

/*
 * Asks the kernel, in a process of its own, since some requests keep all others waiting without
 * end. Returns NULL where there is no memory.
 */
struct answers *answers_get(void);
void answers_free(struct answers *const *answers);

/* For a kernel that does not answer: sets the hint, which process or device is the cause. */
void hint_who_is_in_the_way(struct err *err);

void check_rights(struct doctor *doctor, const struct answers *answers);
void check_mgmtdevs(struct doctor *doctor, const struct answers *answers);

/* Cards whose drivers make management devices, and what is missing where they did not. */
void check_cards(struct doctor *doctor);
void check_nodes(struct doctor *doctor);

/* The files, the unit and the rule by which devices are created at boot. */
void check_boot(struct doctor *doctor);

/* The limit of locked memory, of process @pid or of our own. Returns 0, or -ESRCH and the like. */
int check_memlock(struct doctor *doctor, const struct opt_u32 *pid, struct err *err);

#endif
