/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODULES_H
#define MODULES_H

#include "base/err.h"

/* The state of a module for the running kernel. */
enum module_place {
	MODULE_ABSENT,
	MODULE_ON_DISK, /* modprobe can load it */
	MODULE_BUILT_IN,
	MODULE_LOADED,
};

/*
 * Looks up @count modules, in the kernel's lists of modules and below /sys.
 * Returns whether there is a list of loadable modules. A container usually has none, and then
 * MODULE_ABSENT means that nobody here can know.
 */
bool modules_find(const char *const *names, size_t count, enum module_place *places);

/* Returns the command with which the caller loads a module: "modprobe ", or the same with sudo. */
const char *modules_command(void);

/*
 * Sets the hint to how the module @name is loaded: with modprobe if that would find it, otherwise
 * which kernel has it. There is no hint for a module that is present.
 * @option: the option of the kernel's configuration that builds it, or NULL.
 * Returns whether the hint is a command.
 */
bool modules_hint(struct err *err, const char *name, const char *option);

/* A module to choose, and its purpose: "simulated devices". */
struct module_choice {
	const char *name, *purpose;
};

/*
 * The same if any one of several modules would help: names those that modprobe would find.
 * @called: what this kernel lacks if there are none: "vDPA modules".
 */
void modules_hint_any(struct err *err, const struct module_choice *choices, size_t count,
		      const char *called);

#endif
