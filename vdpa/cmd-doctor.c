/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checks.h"

#include "commands.h"
#include "sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>

static const struct doctor_module modules[] = {
	{ "module_vdpa", "vdpa", "CONFIG_VDPA", "the bus and the netlink family" },
	{ "module_vhost_vdpa", "vhost_vdpa", "CONFIG_VHOST_VDPA", "devices for virtual machines" },
	{ "module_virtio_vdpa", "virtio_vdpa", "CONFIG_VIRTIO_VDPA", "devices for this host" },
	{ "module_vdpa_sim_net", "vdpa_sim_net", "CONFIG_VDPA_SIM_NET",
	  "simulated network devices" },
	{ "module_vdpa_sim_blk", "vdpa_sim_blk", "CONFIG_VDPA_SIM_BLOCK", "simulated disks" },
	{ "module_vduse", "vduse", "CONFIG_VDPA_USER", "devices that programs serve" },
	{ "module_vp_vdpa", "vp_vdpa", "CONFIG_VP_VDPA", "devices of virtio's PCI functions" },
	{ "module_virtio_net", "virtio_net", "CONFIG_VIRTIO_NET",
	  "network interfaces of virtio_vdpa" },
	{ "module_virtio_blk", "virtio_blk", "CONFIG_VIRTIO_BLK", "disks of virtio_vdpa" },
};

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

int doctor_run(void *data, const void *args _unused_, struct err *err)
{
	_cleanup_(doctor_release) struct doctor doctor = {
		.tool = "vdpa",
		.without = "no device can be added now",
	};
	struct vdpa *vdpa = data;
	bool has_family;

	doctor_begin(&doctor, &vdpa->app);
	doctor_check_modules(&doctor, modules, ARRAY_SIZE(modules), "/sys/bus/vdpa",
			     "the vdpa bus");
	has_family = check_rights(&doctor, &vdpa->nl);
	check_mgmtdevs(&doctor, has_family ? &vdpa->nl : NULL);
	doctor_check_drivers(&doctor);
	check_nodes(&doctor);
	check_memlock(&doctor);
	check_huge_pages(&doctor);
	return doctor_end(&doctor, &vdpa->app, err);
}
