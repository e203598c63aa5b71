/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the rights of the caller for doctor. */
#include "doctor/doctor.h"
#include "sys/rights.h"

#include <linux/capability.h>

bool doctor_check_net_admin(struct doctor *doctor, enum finding_state state, const char *lost)
{
	bool has = rights_have(CAP_NET_ADMIN);
	struct err err;

	if (has && rights_in_initial_user_namespace()) {
		doctor_find(doctor, "capability", FINDING_OK, "CAP_NET_ADMIN");
		return true;
	}
	doctor_find(doctor, "capability", state, "CAP_NET_ADMIN %s%s",
		    has ? "counts only in the initial user namespace" : "is missing", lost);
	rights_hint_net_admin(&err, doctor->tool);
	doctor_hint(doctor, "%s", err.hint);
	return false;
}

void doctor_check_user_namespace(struct doctor *doctor)
{
	const char *check = "user_namespace";

	if (!doctor_needs_proc(doctor, check))
		return;
	if (rights_in_initial_user_namespace()) {
		doctor_find(doctor, check, FINDING_OK, "the initial one");
	} else {
		doctor_find(doctor, check, FINDING_WARNING, "not the initial one");
		doctor_hint(doctor, "run it outside the container, as root");
	}
}
