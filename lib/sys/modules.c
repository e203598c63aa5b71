/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds kernel modules, and advises which one to load. */
#include "sys/modules.h"

#include "base/text.h"
#include "sys/sysfs.h"

#include <bsd/string.h>
#include <stdio.h>
#include <sys/utsname.h>

struct search {
	const char *const *names;
	size_t count;
	enum module_place *places;
	enum module_place listed; /* the state of the modules in the current list */
};

/*
 * Compares a module's name with a line such as "kernel/drivers/vdpa/vdpa.ko.xz: ...". A file name
 * may have a dash where the kernel's name has an underscore.
 */
static bool is_name(const char *file, size_t length, const char *name)
{
	if (strlen(name) != length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (file[i] != name[i] && !(file[i] == '-' && name[i] == '_'))
			return false;
	return true;
}

static void take_module(void *data, const char *line)
{
	struct search *search = data;
	size_t start = strcspn(line, ":"), length;

	while (start && line[start - 1] != '/')
		start--;
	length = strcspn(line + start, ".");
	for (size_t i = 0; i < search->count; i++)
		if (is_name(line + start, length, search->names[i]))
			search->places[i] = search->listed;
}

/*
 * Reads the lists of modules for the running kernel. Returns whether there is a list of loadable
 * ones.
 */
static bool find_listed(struct search *search)
{
	struct utsname system;
	char path[128];
	bool known;

	uname(&system);
	search->listed = MODULE_ON_DISK;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", system.release);
	known = sysfs_each_line(path, take_module, search);
	search->listed = MODULE_BUILT_IN;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.builtin", system.release);
	sysfs_each_line(path, take_module, search);
	return known;
}

static void find_present(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		char path[128];
		struct text text;

		snprintf(path, sizeof(path), "/sys/module/%s", search->names[i]);
		for (char *dash = path; (dash = strchr(dash, '-'));)
			*dash = '_';
		if (!sysfs_exists(path))
			continue;
		/* Built-in code with parameters is listed as well, but only a module has a state.
		 */
		text = text_continue(path, sizeof(path));
		text_add(&text, "/initstate");
		search->places[i] = sysfs_exists(path) ? MODULE_LOADED : MODULE_BUILT_IN;
	}
}

bool modules_find(const char *const *names, size_t count, enum module_place *places)
{
	struct search search = { .names = names, .count = count, .places = places };
	bool known;

	for (size_t i = 0; i < count; i++)
		places[i] = MODULE_ABSENT;
	known = find_listed(&search);
	if (sysfs_is_mounted())
		find_present(&search);
	return known;
}

const char *modules_command(void)
{
	return geteuid() ? "sudo modprobe " : "modprobe ";
}

static void take_distribution(void *data, const char *line)
{
	char *id = data;

	if (sscanf(line, "ID=%31[a-z]", id) != 1)
		sscanf(line, "ID=\"%31[a-z]", id);
}

/* Returns the clause after "this kernel has no ...": where to get it. */
static const char *who_has(bool is_vdpa)
{
	char id[32] = "";

	sysfs_each_line("/etc/os-release", take_distribution, id);
	if (is_vdpa && str_equal(id, "debian"))
		return "Debian's kernels since Linux 6.12 (for Debian 12 in bookworm-backports) "
		       "have vdpa, vduse, vhost_vdpa and virtio_vdpa, but no simulators";
	if (str_equal(id, "ubuntu"))
		return "it may be in another package: "
		       "apt install linux-modules-extra-$(uname -r)";
	return "install the package with all its modules";
}

static bool is_vdpa(const char *name)
{
	return strstr(name, "vdpa") || str_equal(name, "vduse");
}

bool modules_hint(struct err *err, const char *name, const char *option)
{
	const char *who = who_has(is_vdpa(name));
	enum module_place place;
	bool known = modules_find(&name, 1, &place);

	err->hint[0] = '\0';
	if (place == MODULE_ON_DISK)
		err_hint(err, "%s%s", modules_command(), name);
	else if (place == MODULE_ABSENT && !known)
		err_hint(err,
			 "load %s outside this container, where the kernel's modules are: "
			 "modprobe %s",
			 name, name);
	else if (place == MODULE_ABSENT)
		err_hint(err, "this kernel has no module %s; %s%s%s%s", name, who,
			 option ? ", or a kernel that is built with " : "", option ? option : "",
			 option ? "=m" : "");
	return place == MODULE_ON_DISK;
}

/* Modules to choose from, at most. */
#define CHOICES_MAX 16

/* Appends "BEFORE NAME for PURPOSE" for each module in the state @wanted, joined by commas. */
static void join(struct text *text, const struct module_choice *choices, size_t count,
		 const enum module_place *places, enum module_place wanted, const char *before)
{
	for (size_t i = 0; i < count; i++)
		if (places[i] == wanted)
			text_join(text, ", ", "%s%s for %s", before, choices[i].name,
				  choices[i].purpose);
}

void modules_hint_any(struct err *err, const struct module_choice *choices, size_t count,
		      const char *called)
{
	enum module_place places[CHOICES_MAX];
	const char *names[CHOICES_MAX] = { 0 };
	char storage[sizeof(err->hint)];
	struct text text = text_begin(storage, sizeof(storage));
	bool known;

	for (size_t i = 0; i < count; i++)
		names[i] = choices[i].name;
	known = modules_find(names, count, places);
	join(&text, choices, count, places, MODULE_ON_DISK, modules_command());
	if (text.length) {
		err_hint(err, "%s", storage);
	} else if (known) {
		err_hint(err, "this kernel has no %s; %s", called,
			 who_has(is_vdpa(choices[0].name)));
	} else {
		join(&text, choices, count, places, MODULE_ABSENT, "");
		err_hint(err, "load one outside this container, where the kernel's modules are: %s",
			 storage);
	}
}
