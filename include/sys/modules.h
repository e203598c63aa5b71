/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODULES_H
#define MODULES_H

#include "base/err.h"

/* Where a module of the kernel that runs is. */
enum module_place {
	MODULE_ABSENT,
	MODULE_ON_DISK, /* modprobe finds it */
	MODULE_BUILT_IN,
	MODULE_LOADED,
};

/*
 * Looks @count modules up, by one reading of the kernel's lists of modules and by /sys.
 * Returns whether there is a list of what could be loaded. A container mostly has none, and then
 * MODULE_ABSENT means that nobody here can know.
 */
bool modules_find(const char *const *names, size_t count, enum module_place *places);

/* How the caller loads a module: "modprobe ", or the same with sudo. */
const char *modules_command(void);

/*
 * Says in the hint how the module @name comes to be there: by modprobe where modprobe would find
 * it, and otherwise which kernel has it. There is no hint for one that is there.
 * @option: the option of the kernel's configuration that builds it, or NULL.
 * Returns whether the hint is a command.
 */
bool modules_hint(struct err *err, const char *name, const char *option);

/* A module to choose, and what it is good for: "simulated devices". */
struct module_choice {
	const char *name, *purpose;
};

/*
 * The same where any one of several modules would help: names those that modprobe would find.
 * @called: what this kernel lacks where there is none of them: "vDPA modules".
 */
void modules_hint_any(struct err *err, const struct module_choice *choices, size_t count,
		      const char *called);

#endif
