/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which right is missing and advises how to get it. */
#include "sys/rights.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel gives the initial user namespace this inode number on every boot. */
#define INITIAL_USER_NAMESPACE 0xEFFFFFFD

bool rights_have(unsigned int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

/* A kernel without user namespaces has no such file, and only one namespace. */
bool rights_in_initial_user_namespace(void)
{
	struct stat status;

	return stat("/proc/self/ns/user", &status) || status.st_ino == INITIAL_USER_NAMESPACE;
}

#define AS_ROOT "run it as root: sudo %s ..."

void rights_hint_net_admin(struct err *err, const char *tool)
{
	bool initial = rights_in_initial_user_namespace();

	if (initial && rights_have(CAP_NET_ADMIN))
		err_hint(err, "CAP_NET_ADMIN is present; a security module may forbid it");
	else if (initial && geteuid())
		err_hint(err, AS_ROOT, tool);
	else
		err_hint(err, "CAP_NET_ADMIN is needed in the initial user namespace");
}

void rights_hint_sysfs(struct err *err, const char *tool, int code)
{
	if (code == EROFS)
		err_hint(err, "mount -o remount,rw /sys");
	else if (!rights_in_initial_user_namespace())
		err_hint(err, "only root of the initial user namespace may write there");
	else if (geteuid())
		err_hint(err, AS_ROOT, tool);
	else
		err_hint(err, "root lacks a capability here, or a security module forbids it");
}

void rights_hint_node(struct err *err, const char *tool, const char *path)
{
	if (geteuid())
		err_hint(err, AS_ROOT ", or get access to %s", tool, path);
	else
		err_hint(err, "even root may not open %s here", path);
}

void rights_hint_network(struct err *err, const char *tool)
{
	const char *sudo = geteuid() ? "sudo " : "";
	struct stat own, first;

	/* In a container, process 1 may be in the container's own network namespace. */
	if ((!geteuid() && stat("/proc/1/ns/net", &first)) ||
	    (!stat("/proc/1/ns/net", &first) && !stat("/proc/self/ns/net", &own) &&
	     first.st_ino == own.st_ino))
		err_hint(err, "vdpa answers in the initial network namespace only: run it outside "
			      "this container");
	else
		err_hint(err,
			 "vdpa answers in the initial network namespace only: "
			 "%snsenter --net=/proc/1/ns/net %s ...",
			 sudo, tool);
}
