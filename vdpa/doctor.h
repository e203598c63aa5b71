/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DOCTOR_H
#define VDPA_DOCTOR_H

#include "err.h"
#include "model.h"
#include "nl.h"

/*
 * Looks at all that devices need: of the kernel, of the caller's rights and limits. It changes
 * nothing, and what cannot be looked at is a finding as well.
 */
struct doctor {
	struct nl *nl;
	bool numeric;		  /* owners of nodes by number */
	struct list findings;	  /* of struct finding, in the order of the checks */
	struct err reason;	  /* why no device can be added now; without a code where one can */
	bool has_proc, has_sysfs; /* mounted where they belong */
	bool has_bus, has_family;
	bool failed; /* not enough memory for all findings */
};

/* Makes all checks. Returns 0, or a negative errno with @err filled: no memory. */
int doctor_examine(struct doctor *doctor, struct err *err);
void doctor_release(struct doctor *doctor);

/* Below here: for the checks. */

/* Appends a finding, a short sentence. */
void doctor_find(struct doctor *doctor, const char *check, enum finding_state state,
		 const char *format, ...) _printf_(4, 5);

/* What mends the last finding: a command, or a sentence where there is none. */
void doctor_hint(struct doctor *doctor, const char *format, ...) _printf_(2, 3);

/* The last finding is why no device can be added, if none before it is. */
void doctor_blocked(struct doctor *doctor, enum status status);

/* Whether /proc, or /sys, is mounted; a finding of @check says so if it is not. */
bool doctor_wants_proc(struct doctor *doctor, const char *check);
bool doctor_wants_sysfs(struct doctor *doctor, const char *check);

/* The checks, in their order. */
void doctor_check_modules(struct doctor *doctor);
void doctor_check_rights(struct doctor *doctor);
void doctor_check_mgmtdevs(struct doctor *doctor);
void doctor_check_drivers(struct doctor *doctor);
void doctor_check_nodes(struct doctor *doctor);

#endif
