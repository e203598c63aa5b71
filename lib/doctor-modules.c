/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"
#include "sysfs.h"

#include <stdio.h>
#include <sys/utsname.h>

/* Of one tool. */
#define MODULES_MAX 16

enum place {
	NOWHERE,
	ON_DISK,
	BUILT_IN,
	LOADED,
};

/* Where each module is. */
struct places {
	const struct doctor_module *modules;
	size_t count;
	enum place of[MODULES_MAX];
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
	for (size_t i = 0; i < places->count; i++)
		if (strlen(places->modules[i].name) == length &&
		    !memcmp(line + start, places->modules[i].name, length))
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

	for (size_t i = 0; i < places->count; i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", places->modules[i].name);
		if (!sysfs_exists(path))
			continue;
		snprintf(path, sizeof(path), "/sys/module/%s/initstate", places->modules[i].name);
		places->of[i] = sysfs_exists(path) ? LOADED : BUILT_IN;
	}
}

static void check_module(struct doctor *doctor, const struct doctor_module *module,
			 const struct places *places)
{
	enum place place = places->of[module - places->modules];

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

/* An option of the kernel's configuration. */
struct option {
	const char *name;
	char value; /* 'n' once the file turns out to be a configuration, and does not have it */
};

static void take_option(void *data, const char *line)
{
	struct option *option = data;
	size_t length = strlen(option->name);

	if (str_starts(line, option->name) && line[length] == '=' && line[length + 1])
		option->value = line[length + 1];
	else if (!option->value && str_starts(line, "CONFIG_"))
		option->value = 'n';
}

/* There is no module, and what it does is not there: whether it could be. */
static void check_configuration(struct doctor *doctor, const struct utsname *system,
				struct option option)
{
	char path[128];

	snprintf(path, sizeof(path), "/boot/config-%s", system->release);
	sysfs_each_line(path, take_option, &option);
	if (option.value == 'n') {
		doctor_find(doctor, "kernel", FINDING_MISSING,
			    "Linux %s, which is built without %s", system->release, option.name);
		doctor_hint(doctor,
			    "install a kernel that is built with %s=m, or the modules besides",
			    option.name);
	} else if (option.value) {
		doctor_find(doctor, "kernel", FINDING_WARNING,
			    "Linux %s, which is built with %s=%c, but without its module",
			    system->release, option.name, option.value);
		doctor_hint(doctor, "install the package with all modules of this kernel");
	} else {
		doctor_find(doctor, "kernel", FINDING_WARNING,
			    "Linux %s; whether it is built with %s is unknown", system->release,
			    option.name);
		if (sysfs_exists("/proc/config.gz"))
			doctor_hint(doctor, "zgrep %s /proc/config.gz", option.name);
	}
}

void doctor_check_modules(struct doctor *doctor, const struct doctor_module *modules, size_t count,
			  const char *path, const char *called)
{
	struct places places = { .modules = modules, .count = count };
	struct utsname system;

	uname(&system);
	find_listed(&system, &places);
	if (doctor->has_sysfs)
		find_present(&places);
	if (doctor->has_sysfs && sysfs_exists(path)) {
		/* Without a module of its own it is a part of the kernel. */
		if (places.of[0] != LOADED)
			places.of[0] = BUILT_IN;
		doctor_find(doctor, "kernel", FINDING_OK, "Linux %s, with %s", system.release,
			    called);
	} else if (places.of[0] != NOWHERE) {
		doctor_find(doctor, "kernel", FINDING_OK, "Linux %s, with %s=%c", system.release,
			    modules[0].option, places.of[0] == BUILT_IN ? 'y' : 'm');
	} else {
		check_configuration(doctor, &system, (struct option){ modules[0].option, 0 });
	}
	for (size_t i = 0; i < count; i++)
		check_module(doctor, &modules[i], &places);
}
