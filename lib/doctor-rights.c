/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"

#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel gives the first user namespace this number on every boot. */
#define INITIAL_USER_NAMESPACE 0xEFFFFFFD

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

bool doctor_check_net_admin(struct doctor *doctor, enum finding_state state, const char *lost)
{
	bool has = has_capability(CAP_NET_ADMIN);

	if (has && in_initial_user_namespace(doctor)) {
		doctor_find(doctor, "capability", FINDING_OK, "CAP_NET_ADMIN");
		return true;
	}
	doctor_find(doctor, "capability", state, "CAP_NET_ADMIN %s%s",
		    has ? "counts in the initial user namespace only" : "is missing", lost);
	if (geteuid())
		doctor_hint(doctor, "run it as root: sudo %s ...", doctor->tool);
	else
		doctor_hint(doctor, "CAP_NET_ADMIN is needed in the initial user namespace");
	return false;
}

void doctor_check_user_namespace(struct doctor *doctor)
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
