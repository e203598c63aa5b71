/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the kernel's modules for doctor. */
#include "doctor/doctor.h"
#include "sys/modules.h"
#include "sys/sysfs.h"

#include <stdio.h>
#include <sys/utsname.h>

/* Modules that one tool asks for, at most. */
#define MODULES_MAX 16

/* The state of each module. */
struct places {
	const struct doctor_module *modules;
	enum module_place of[MODULES_MAX];
	bool known; /* whether the list of modules on disk could be read */
};

static void hint_module(struct doctor *doctor, const struct doctor_module *module)
{
	struct err err;

	modules_hint(&err, module->name, module->option);
	if (err.hint[0])
		doctor_hint(doctor, "%s", err.hint);
}

static void check_module(struct doctor *doctor, const struct doctor_module *module,
			 const struct places *places)
{
	enum module_place place = places->of[module - places->modules];

	if (place == MODULE_BUILT_IN) {
		doctor_find(doctor, module->check, FINDING_OK, "built in: %s", module->purpose);
	} else if (place == MODULE_LOADED) {
		doctor_find(doctor, module->check, FINDING_OK, "loaded: %s", module->purpose);
	} else if (!doctor_needs_sysfs(doctor, module->check)) {
		return;
	} else if (place == MODULE_ON_DISK || !places->known) {
		doctor_find(doctor, module->check, FINDING_WARNING, "not loaded%s: %s",
			    place == MODULE_ON_DISK ? "" : ", perhaps not installed",
			    module->purpose);
		hint_module(doctor, module);
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
	char value; /* 'n' if the file is a configuration that lacks it */
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

/* The module is missing and so is its function: finds out whether the kernel could have it. */
static void check_configuration(struct doctor *doctor, const struct utsname *system,
				const struct doctor_module *module)
{
	struct option option = { .name = module->option };
	char path[128];

	snprintf(path, sizeof(path), "/boot/config-%s", system->release);
	sysfs_each_line(path, take_option, &option);
	if (option.value == 'n') {
		doctor_find(doctor, "kernel", FINDING_MISSING, "Linux %s, built without %s",
			    system->release, option.name);
		hint_module(doctor, module);
	} else if (option.value) {
		doctor_find(doctor, "kernel", FINDING_WARNING,
			    "Linux %s, built with %s=%c, but without its module", system->release,
			    option.name, option.value);
		hint_module(doctor, module);
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
	struct places places = { .modules = modules };
	const char *names[MODULES_MAX];
	struct utsname system;

	uname(&system);
	for (size_t i = 0; i < count; i++)
		names[i] = modules[i].name;
	places.known = modules_find(names, count, places.of);
	if (doctor->has_sysfs && sysfs_exists(path)) {
		/* It works without a module, so it is built into the kernel. */
		if (places.of[0] != MODULE_LOADED)
			places.of[0] = MODULE_BUILT_IN;
		doctor_find(doctor, "kernel", FINDING_OK, "Linux %s, with %s", system.release,
			    called);
	} else if (places.of[0] != MODULE_ABSENT) {
		doctor_find(doctor, "kernel", FINDING_OK, "Linux %s, with %s=%c", system.release,
			    modules[0].option, places.of[0] == MODULE_BUILT_IN ? 'y' : 'm');
	} else {
		check_configuration(doctor, &system, &modules[0]);
	}
	for (size_t i = 0; i < count; i++)
		check_module(doctor, &modules[i], &places);
}
