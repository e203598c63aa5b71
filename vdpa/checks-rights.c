/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "abi/vdpa.h"
#include "checks.h"
#include "explain.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool check_family(struct doctor *doctor, struct nl *nl)
{
	struct err err = { 0 };
	int can_set = nl_has_command(nl, VDPA_CMD_DEV_ATTR_SET, &err);
	enum status status;

	if (can_set >= 0) {
		doctor_find(doctor, "family", FINDING_OK, "%d commands, %s a device that exists%s",
			    __builtin_popcountll(nl->commands),
			    can_set ? "can change" : "cannot change",
			    can_set ? "" : " (Linux 6.13 and later can)");
		return true;
	}
	doctor_find(doctor, "family", FINDING_MISSING, "%s", err.text);
	status = err_exit_status(&err);
	explain(&err, "family");
	if (err.hint[0])
		doctor_hint(doctor, "%s", err.hint);
	doctor_blocked(doctor, status);
	return false;
}

/*
 * The family is in the initial network namespace alone. Where it is not to be seen, a setting of
 * the whole machine tells that namespace from others.
 */
static void check_network_namespace(struct doctor *doctor, bool has_family)
{
	const char *check = "network_namespace";

	if (!has_family && !doctor_wants_proc(doctor, check))
		return;
	if (has_family || sysfs_exists("/proc/sys/net/core/dev_weight")) {
		doctor_find(doctor, check, FINDING_OK, "the initial one");
	} else if (sysfs_exists("/proc/sys/net/core")) {
		doctor_find(doctor, check, FINDING_MISSING,
			    "another than the initial one, where alone vdpa answers");
		doctor_hint(doctor, "nsenter --net=/proc/1/ns/net vdpa ...");
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

/* Whether drivers can be bound: the kernel asks for no right but that to write the file. */
static void check_binding(struct doctor *doctor)
{
	if (!doctor_wants_sysfs(doctor, "binding"))
		return;
	if (!sysfs_exists("/sys/bus/vdpa")) {
		doctor_find(doctor, "binding", FINDING_WARNING, "unknown: there is no vdpa bus");
	} else if (!faccessat(AT_FDCWD, "/sys/bus/vdpa/drivers_probe", W_OK, AT_EACCESS)) {
		doctor_find(doctor, "binding", FINDING_OK, "/sys/bus/vdpa is writable");
	} else {
		int code = errno;

		doctor_find(doctor, "binding", FINDING_WARNING,
			    "drivers cannot be bound: /sys/bus/vdpa: %s", err_words(code));
		doctor_hint(doctor, "%s",
			    code == EROFS ? "mount -o remount,rw /sys"
					  : "run it as root: sudo vdpa ...");
	}
}

bool check_rights(struct doctor *doctor, struct nl *nl)
{
	bool has_family = check_family(doctor, nl);

	check_network_namespace(doctor, has_family);
	check_capability(doctor);
	check_binding(doctor);
	doctor_check_user_namespace(doctor);
	return has_family;
}
