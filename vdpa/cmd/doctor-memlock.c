/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of doctor: the limit of locked memory, which vhost_vdpa charges for guest memory. */
#include "doctor-checks.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* The limits of a process. */
struct memlock {
	bool seen;
	char soft[32], hard[32]; /* bytes, or "unlimited" */
	char command[32];
	char unit[256]; /* systemd's unit of the process, or empty */
};

static void take_limit(void *data, const char *line)
{
	struct memlock *memlock = data;

	if (sscanf(line, "Max locked memory %31s %31s", memlock->soft, memlock->hard) == 2)
		memlock->seen = true;
}

/* Finds the unit in "0::/system.slice/libvirtd.service/..."; scopes have no limits of their own. */
static void take_group(void *data, const char *line)
{
	struct memlock *memlock = data;
	const char *end = strstr(line, ".service"), *start = end;

	while (start && start > line && start[-1] != '/')
		start--;
	if (start && !memlock->unit[0])
		snprintf(memlock->unit, sizeof(memlock->unit), "%.*s",
			 (int)(end - start + strlen(".service")), start);
}

static void kilobytes(const char *bytes, char *text, size_t size)
{
	if (str_equal(bytes, "unlimited"))
		snprintf(text, size, "unlimited");
	else
		snprintf(text, size, "%llu kB", strtoull(bytes, NULL, 10) / 1024);
}

/* Raises the limit of another process, and of all processes that its unit will start. */
static void hint_other(struct doctor *doctor, const struct memlock *memlock, uint32_t pid)
{
	if (memlock->unit[0])
		doctor_hint(doctor,
			    "LimitMEMLOCK=infinity for %s (systemctl edit), and for this process: "
			    "%sprlimit --pid %u --memlock=unlimited:unlimited",
			    memlock->unit, geteuid() ? "sudo " : "", pid);
	else
		doctor_hint(doctor, "%sprlimit --pid %u --memlock=unlimited:unlimited",
			    geteuid() ? "sudo " : "", pid);
}

/*
 * vhost_vdpa pins the whole memory of a guest and charges it to RLIMIT_MEMLOCK, which is a few
 * megabytes by default: QEMU then fails with ENOMEM on a host that has plenty of memory.
 */
static void judge(struct doctor *doctor, const struct memlock *memlock, const struct opt_u32 *pid)
{
	char soft[32], hard[32], who[80] = "";

	if (pid->set)
		snprintf(who, sizeof(who), "process %u (%s): ", pid->value, memlock->command);
	if (str_equal(memlock->soft, "unlimited")) {
		doctor_find(doctor, "memlock", FINDING_OK, "%sunlimited", who);
		return;
	}
	kilobytes(memlock->soft, soft, sizeof(soft));
	kilobytes(memlock->hard, hard, sizeof(hard));
	doctor_find(doctor, "memlock", FINDING_WARNING,
		    "%s%s, up to %s: vhost_vdpa locks all of a guest's memory", who, soft, hard);
	if (pid->set)
		hint_other(doctor, memlock, pid->value);
	else if (str_equal(memlock->hard, "unlimited") || !geteuid())
		doctor_hint(doctor, "ulimit -l unlimited");
	else
		doctor_hint(doctor, "sudo prlimit --pid $$ --memlock=unlimited:unlimited");
}

int check_memlock(struct doctor *doctor, const struct opt_u32 *pid, struct err *err)
{
	struct memlock memlock = { 0 };
	char path[64], process[32] = "self";

	if (!pid->set && !doctor_needs_proc(doctor, "memlock"))
		return 0;
	if (pid->set)
		snprintf(process, sizeof(process), "%u", pid->value);
	snprintf(path, sizeof(path), "/proc/%s/limits", process);
	sysfs_each_line(path, take_limit, &memlock);
	if (!memlock.seen && pid->set)
		return err_set(err, ESRCH, "doctor: there is no process %u", pid->value);
	if (!memlock.seen) {
		doctor_find(doctor, "memlock", FINDING_WARNING, "unknown: %s cannot be read", path);
		return 0;
	}
	snprintf(path, sizeof(path), "/proc/%s/cgroup", process);
	sysfs_each_line(path, take_group, &memlock);
	snprintf(path, sizeof(path), "/proc/%s/comm", process);
	sysfs_read(path, memlock.command, sizeof(memlock.command));
	judge(doctor, &memlock, pid);
	return 0;
}
