/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of doctor: the netlink family, and the rights to use it and to bind drivers. */
#include "abi/vdpa.h"
#include "doctor-checks.h"
#include "sys/rights.h"
#include "sys/sysfs.h"
#include "vdpa/kernel/explain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void check_family(struct doctor *doctor, const struct answers *answers)
{
	struct err err = answers->no_family;

	if (answers->stuck) {
		doctor_find(doctor, "family", FINDING_MISSING,
			    "the kernel does not answer: another request blocks the vdpa bus");
		hint_stuck_kernel(&err);
		doctor_hint(doctor, "%s", err.hint);
		doctor_blocked(doctor, STATUS_BUSY);
	} else if (answers->has_family) {
		doctor_find(doctor, "family", FINDING_OK, "%u commands, %s an existing device%s",
			    answers->commands, answers->can_set ? "can change" : "cannot change",
			    answers->can_set ? "" : " (Linux 6.13 and later can)");
	} else {
		doctor_find(doctor, "family", FINDING_MISSING, "%s", err.text);
		explain(&err, "family");
		if (err.hint[0])
			doctor_hint(doctor, "%s", err.hint);
		doctor_blocked(doctor, err_exit_status(&answers->no_family));
	}
}

/*
 * The family exists in the initial network namespace only. If it is missing, find out whether the
 * namespace is to blame: the setting dev_weight is shown in the initial one only.
 */
static void check_network_namespace(struct doctor *doctor, bool has_family)
{
	const char *check = "network_namespace";
	struct err err;

	if (!has_family && !doctor_needs_proc(doctor, check))
		return;
	if (has_family || sysfs_exists("/proc/sys/net/core/dev_weight")) {
		doctor_find(doctor, check, FINDING_OK, "the initial one");
	} else if (sysfs_exists("/proc/sys/net/core")) {
		doctor_find(doctor, check, FINDING_MISSING,
			    "not the initial one, and vdpa answers only there");
		rights_hint_network(&err, "vdpa");
		/* The hint starts with the finding and a colon. */
		doctor_hint(doctor, "%s", strstr(err.hint, ": ") + 2);
	} else {
		doctor_find(doctor, check, FINDING_WARNING,
			    "unknown: there is no /proc/sys/net/core");
	}
}

static void check_capability(struct doctor *doctor)
{
	if (!doctor_check_net_admin(doctor, FINDING_MISSING, ""))
		doctor_blocked(doctor, STATUS_NOT_PERMITTED);
}

/* Checks that drivers can be bound: the kernel only checks the permissions of the file. */
static void check_binding(struct doctor *doctor)
{
	if (!doctor_needs_sysfs(doctor, "binding"))
		return;
	if (!sysfs_exists(VDPA_BUS)) {
		doctor_find(doctor, "binding", FINDING_WARNING, "unknown: there is no vdpa bus");
	} else if (!faccessat(AT_FDCWD, VDPA_BUS "/drivers_probe", W_OK, AT_EACCESS)) {
		doctor_find(doctor, "binding", FINDING_OK, "/sys/bus/vdpa is writable");
	} else {
		int code = errno;
		struct err err;

		doctor_find(doctor, "binding", FINDING_WARNING,
			    "drivers cannot be bound: /sys/bus/vdpa: %s", err_words(code));
		rights_hint_sysfs(&err, "vdpa", code);
		doctor_hint(doctor, "%s", err.hint);
	}
}

void check_rights(struct doctor *doctor, const struct answers *answers)
{
	check_family(doctor, answers);
	check_network_namespace(doctor, answers->has_family || answers->stuck);
	check_capability(doctor);
	check_binding(doctor);
	doctor_check_user_namespace(doctor);
}
