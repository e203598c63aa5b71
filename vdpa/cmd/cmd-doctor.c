/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa doctor". */
#include "abi/vdpa.h"
#include "doctor-checks.h"

#include "commands.h"
#include "sys/sysfs.h"

#include <stdio.h>

static const struct doctor_module modules[] = {
	{ "module_vdpa", "vdpa", "CONFIG_VDPA", "the bus and the netlink family" },
	{ "module_vhost_vdpa", VDPA_DRIVER_VHOST, "CONFIG_VHOST_VDPA",
	  "devices for virtual machines" },
	{ "module_virtio_vdpa", VDPA_DRIVER_VIRTIO, "CONFIG_VIRTIO_VDPA", "devices for this host" },
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

	if (!doctor_needs_proc(doctor, "hugepages"))
		return;
	sysfs_each_line("/proc/meminfo", take_memory_line, &pages);
	if (!pages.seen)
		doctor_find(doctor, "hugepages", FINDING_OK, "none in this kernel");
	else
		doctor_find(doctor, "hugepages", FINDING_OK, "%lu of %lu free, of %lu kB",
			    pages.free, pages.total, pages.size);
}

int doctor_run(void *data, const void *args, struct err *err)
{
	_cleanup_(doctor_release) struct doctor doctor = {
		.tool = "vdpa",
		.without = "no device can be added now",
	};
	_cleanup_(answers_free) struct answers *answers = NULL;
	const struct doctor_args *doctor_args = args;
	struct vdpa *vdpa = data;
	int ret;

	doctor_begin(&doctor, &vdpa->app);
	doctor_check_modules(&doctor, modules, ARRAY_SIZE(modules), VDPA_BUS, "the vdpa bus");
	answers = answers_get();
	if (!answers)
		return err_memory(err);
	check_rights(&doctor, answers);
	check_mgmtdevs(&doctor, answers);
	check_cards(&doctor);
	doctor_check_drivers(&doctor);
	check_nodes(&doctor);
	ret = check_memlock(&doctor, &doctor_args->pid, err);
	if (ret)
		return ret;
	check_huge_pages(&doctor);
	check_boot(&doctor);
	return doctor_end(&doctor, &vdpa->app, err);
}
