/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"
#include "sysfs.h"

#include <stdio.h>
#include <sys/utsname.h>

/* The first is what all others need. */
static const struct module {
	const char *check, *name, *option, *purpose;
} modules[] = {
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

enum place {
	NOWHERE,
	ON_DISK,
	BUILT_IN,
	LOADED,
};

/* Where each module is. */
struct places {
	enum place of[ARRAY_SIZE(modules)];
	enum place listed; /* what the list says that is being read */
	bool known;	   /* which modules there are on disk */
};

/* "kernel/drivers/vdpa/vdpa.ko.xz: ...", or without what stands behind the name. */
static void take_module(void *data, const char *line)
{
	struct places *places = data;
	size_t start = strcspn(line, ":"), length;

	while (start && line[start - 1] != '/')
		start--;
	length = strcspn(line + start, ".");
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		if (strlen(modules[i].name) == length &&
		    !memcmp(line + start, modules[i].name, length))
			places->of[i] = places->listed;
}

/* What the lists for this kernel know. */
static void find_listed(const struct utsname *system, struct places *places)
{
	char path[128];

	places->listed = ON_DISK;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", system->release);
	places->known = sysfs_each_line(path, take_module, places);
	places->listed = BUILT_IN;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.builtin", system->release);
	sysfs_each_line(path, take_module, places);
}

static void find_present(struct places *places)
{
	char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", modules[i].name);
		if (!sysfs_exists(path))
			continue;
		snprintf(path, sizeof(path), "/sys/module/%s/initstate", modules[i].name);
		places->of[i] = sysfs_exists(path) ? LOADED : BUILT_IN;
	}
}

static void check_module(struct doctor *doctor, const struct module *module,
			 const struct places *places)
{
	enum place place = places->of[module - modules];

	if (place == BUILT_IN) {
		doctor_find(doctor, module->check, FINDING_OK, "built in: %s", module->purpose);
	} else if (place == LOADED) {
		doctor_find(doctor, module->check, FINDING_OK, "loaded: %s", module->purpose);
	} else if (!doctor_wants_sysfs(doctor, module->check)) {
		return;
	} else if (place == ON_DISK || !places->known) {
		doctor_find(doctor, module->check, FINDING_WARNING, "not loaded%s: %s",
			    place == ON_DISK ? "" : ", perhaps not installed", module->purpose);
		doctor_hint(doctor, "modprobe %s", module->name);
	} else {
		doctor_find(doctor, module->check, FINDING_MISSING, "not installed: %s",
			    module->purpose);
		doctor_hint(doctor, "install it, or a kernel that is built with %s=m",
			    module->option);
	}
}

/* The value of CONFIG_VDPA; 'n' once the file turns out to be a kernel's configuration. */
static void take_option(void *data, const char *line)
{
	char *value = data;

	if (str_starts(line, "CONFIG_VDPA=") && line[strlen("CONFIG_VDPA=")])
		*value = line[strlen("CONFIG_VDPA=")];
	else if (!*value && str_starts(line, "CONFIG_"))
		*value = 'n';
}

/* There is no module and no bus: whether there could be. */
static void check_configuration(struct doctor *doctor, const struct utsname *system)
{
	char path[128], value = '\0';

	snprintf(path, sizeof(path), "/boot/config-%s", system->release);
	sysfs_each_line(path, take_option, &value);
	if (value == 'n') {
		doctor_find(doctor, "kernel", FINDING_MISSING,
			    "Linux %s, which is built without CONFIG_VDPA", system->release);
		doctor_hint(doctor, "install a kernel that is built with CONFIG_VDPA=m, or the "
				    "modules besides");
	} else if (value) {
		doctor_find(doctor, "kernel", FINDING_WARNING,
			    "Linux %s, which is built with CONFIG_VDPA=%c, but without its module",
			    system->release, value);
		doctor_hint(doctor, "install the package with all modules of this kernel");
	} else {
		doctor_find(doctor, "kernel", FINDING_WARNING,
			    "Linux %s; whether it is built with CONFIG_VDPA is unknown",
			    system->release);
		if (sysfs_exists("/proc/config.gz"))
			doctor_hint(doctor, "zgrep CONFIG_VDPA /proc/config.gz");
	}
}

static void check_kernel(struct doctor *doctor, const struct utsname *system, enum place vdpa)
{
	if (doctor->has_bus)
		doctor_find(doctor, "kernel", FINDING_OK, "Linux %s, with the vdpa bus",
			    system->release);
	else if (vdpa != NOWHERE)
		doctor_find(doctor, "kernel", FINDING_OK, "Linux %s, with CONFIG_VDPA=%c",
			    system->release, vdpa == BUILT_IN ? 'y' : 'm');
	else
		check_configuration(doctor, system);
}

void doctor_check_modules(struct doctor *doctor)
{
	struct places places = { 0 };
	struct utsname system;

	uname(&system);
	find_listed(&system, &places);
	if (doctor->has_sysfs)
		find_present(&places);
	check_kernel(doctor, &system, places.of[0]);
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		check_module(doctor, &modules[i], &places);
}
