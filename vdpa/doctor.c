/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"

#include "sysfs.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/vfs.h>

/* Longer sentences are cut: names in them are of any length. */
#define FOUND_SIZE 512
#define HINT_SIZE  256

/* A finding and its texts, in one allocation. */
struct record {
	struct finding finding;
	char found[FOUND_SIZE], hint[HINT_SIZE];
};

void doctor_find(struct doctor *doctor, const char *check, enum finding_state state,
		 const char *format, ...)
{
	struct record *record = list_new(&doctor->findings, sizeof(*record));
	va_list args;

	if (!record) {
		doctor->failed = true;
		return;
	}
	record->finding = (struct finding){
		.check = check,
		.rating = { state },
		.found = record->found,
	};
	va_start(args, format);
	vsnprintf(record->found, sizeof(record->found), format, args);
	va_end(args);
}

/* The finding that was made last, or NULL where there was no memory for it. */
static struct record *last(const struct doctor *doctor)
{
	const struct list *list = &doctor->findings;

	return doctor->failed ? NULL : list->items[list->count - 1];
}

void doctor_hint(struct doctor *doctor, const char *format, ...)
{
	struct record *record = last(doctor);
	va_list args;

	if (!record)
		return;
	va_start(args, format);
	vsnprintf(record->hint, sizeof(record->hint), format, args);
	va_end(args);
	record->finding.hint = record->hint;
}

void doctor_blocked(struct doctor *doctor, enum status status)
{
	const struct record *record = last(doctor);

	/* The code is of no meaning where there is a status. */
	if (record && !doctor->reason.code)
		err_set_status(&doctor->reason, status, EOPNOTSUPP,
			       "no device can be added now: %s", record->found);
}

bool doctor_wants_proc(struct doctor *doctor, const char *check)
{
	if (doctor->has_proc)
		return true;
	doctor_find(doctor, check, FINDING_WARNING, "unknown: /proc is not mounted");
	doctor_hint(doctor, "mount -t proc proc /proc");
	return false;
}

bool doctor_wants_sysfs(struct doctor *doctor, const char *check)
{
	if (doctor->has_sysfs)
		return true;
	doctor_find(doctor, check, FINDING_WARNING, "unknown: /sys is not mounted");
	doctor_hint(doctor, "mount -t sysfs sysfs /sys");
	return false;
}

/* What else stands there, such as files of another system's, tells nothing. */
static bool has_proc(void)
{
	struct statfs status;

	return !statfs("/proc", &status) && (unsigned long)status.f_type == PROC_SUPER_MAGIC;
}

/* Limits */

static void check_memlock(struct doctor *doctor)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit)) {
		doctor_find(doctor, "memlock", FINDING_WARNING, "unknown: %s", err_words(errno));
	} else if (limit.rlim_cur == RLIM_INFINITY) {
		doctor_find(doctor, "memlock", FINDING_OK, "unlimited");
	} else {
		char hard[32] = "unlimited";

		if (limit.rlim_max != RLIM_INFINITY)
			snprintf(hard, sizeof(hard), "%ju kB", (uintmax_t)limit.rlim_max / 1024);
		doctor_find(doctor, "memlock", FINDING_WARNING,
			    "%ju kB, up to %s: vhost_vdpa locks all of a guest's memory",
			    (uintmax_t)limit.rlim_cur / 1024, hard);
		doctor_hint(doctor, "ulimit -l unlimited");
	}
}

struct huge_pages {
	bool seen;
	unsigned long total, free, size; /* pages, and kB of one */
};

static void take_memory_line(void *data, const char *line)
{
	struct huge_pages *pages = data;

	if (sscanf(line, "HugePages_Total: %lu", &pages->total) == 1)
		pages->seen = true;
	else if (sscanf(line, "HugePages_Free: %lu", &pages->free) != 1)
		sscanf(line, "Hugepagesize: %lu", &pages->size);
}

static void check_huge_pages(struct doctor *doctor)
{
	struct huge_pages pages = { 0 };

	if (!doctor_wants_proc(doctor, "hugepages"))
		return;
	sysfs_each_line("/proc/meminfo", take_memory_line, &pages);
	if (!pages.seen)
		doctor_find(doctor, "hugepages", FINDING_OK, "none in this kernel");
	else
		doctor_find(doctor, "hugepages", FINDING_OK, "%lu of %lu free, of %lu kB",
			    pages.free, pages.total, pages.size);
}

int doctor_examine(struct doctor *doctor, struct err *err)
{
	doctor->has_proc = has_proc();
	doctor->has_sysfs = sysfs_is_mounted();
	doctor->has_bus = doctor->has_sysfs && sysfs_exists("/sys/bus/vdpa");
	doctor_check_modules(doctor);
	doctor_check_rights(doctor);
	doctor_check_mgmtdevs(doctor);
	doctor_check_drivers(doctor);
	doctor_check_nodes(doctor);
	check_memlock(doctor);
	check_huge_pages(doctor);
	return doctor->failed ? err_memory(err) : 0;
}

void doctor_release(struct doctor *doctor)
{
	list_clear(&doctor->findings);
}
