/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "abi/vdpa.h"
#include "doctor.h"
#include "explain.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel gives the first user namespace this number on every boot. */
#define INITIAL_USER_NAMESPACE 0xEFFFFFFD

static void check_family(struct doctor *doctor)
{
	struct err err = { 0 };
	int can_set = nl_has_command(doctor->nl, VDPA_CMD_DEV_ATTR_SET, &err);
	enum status status;

	doctor->has_family = can_set >= 0;
	if (doctor->has_family) {
		doctor_find(doctor, "family", FINDING_OK, "%d commands, %s a device that exists%s",
			    __builtin_popcountll(doctor->nl->commands),
			    can_set ? "can change" : "cannot change",
			    can_set ? "" : " (Linux 6.13 and later can)");
		return;
	}
	doctor_find(doctor, "family", FINDING_MISSING, "%s", err.text);
	status = err_exit_status(&err);
	explain(&err, "family");
	if (err.hint[0])
		doctor_hint(doctor, "%s", err.hint);
	doctor_blocked(doctor, status);
}

/*
 * The family is in the initial network namespace alone. Where it is not to be seen, a setting of
 * the whole machine tells that namespace from others.
 */
static void check_network_namespace(struct doctor *doctor)
{
	const char *check = "network_namespace";

	if (!doctor->has_family && !doctor_wants_proc(doctor, check))
		return;
	if (doctor->has_family || sysfs_exists("/proc/sys/net/core/dev_weight")) {
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

/* A kernel that cannot make others has no number to show. Unknown without /proc. */
static bool in_initial_user_namespace(const struct doctor *doctor)
{
	struct stat status;

	return !doctor->has_proc || stat("/proc/self/ns/user", &status) ||
	       status.st_ino == INITIAL_USER_NAMESPACE;
}

static bool has_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

static void check_capability(struct doctor *doctor)
{
	bool has = has_capability(CAP_NET_ADMIN);
	struct err err = { 0 };

	if (has && in_initial_user_namespace(doctor)) {
		doctor_find(doctor, "capability", FINDING_OK, "CAP_NET_ADMIN");
		return;
	}
	doctor_find(doctor, "capability", FINDING_MISSING, "CAP_NET_ADMIN %s",
		    has ? "counts in the initial user namespace only" : "is missing");
	err_set(&err, EPERM, "%s", err_words(EPERM));
	explain(&err, "capability");
	doctor_hint(doctor, "%s", err.hint);
	doctor_blocked(doctor, STATUS_NOT_PERMITTED);
}

/* Whether drivers can be bound: the kernel asks for no right but that to write the file. */
static void check_binding(struct doctor *doctor)
{
	if (!doctor_wants_sysfs(doctor, "binding"))
		return;
	if (!doctor->has_bus) {
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

static void check_user_namespace(struct doctor *doctor)
{
	const char *check = "user_namespace";

	if (!doctor_wants_proc(doctor, check))
		return;
	if (in_initial_user_namespace(doctor)) {
		doctor_find(doctor, check, FINDING_OK, "the initial one");
	} else {
		doctor_find(doctor, check, FINDING_WARNING, "another than the initial one");
		doctor_hint(doctor, "run it outside of the container, as root");
	}
}

void doctor_check_rights(struct doctor *doctor)
{
	check_family(doctor);
	check_network_namespace(doctor);
	check_capability(doctor);
	check_binding(doctor);
	check_user_namespace(doctor);
}
