/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of doctor: the files, the unit and the rule that create devices at boot. */
#include "doctor-checks.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#define DIRECTORY "/etc/vdpa/devices.d"
#define UNIT	  "vdpa-apply.service"
#define RULE	  "60-vdpa-tools.rules"

/* The directories that systemd and udev search, in their order. */
static const char *const unit_directories[] = {
	"/etc/systemd/system",	   "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
};
static const char *const rule_directories[] = {
	"/etc/udev/rules.d",	 "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
	"/usr/lib/udev/rules.d", "/lib/udev/rules.d",
};

/* Returns the number of files that apply would read, or a negative errno. */
static int count_files(void)
{
	DIR *directory = opendir(DIRECTORY);
	const struct dirent *entry;
	int count = 0;

	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(directory))) {
		const char *dot = strrchr(entry->d_name, '.');

		count += dot && dot != entry->d_name && str_equal(dot, ".conf");
	}
	closedir(directory);
	return count;
}

static bool is_in(const char *const *directories, size_t count, const char *below, const char *name)
{
	char path[256];

	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s%s/%s", directories[i], below, name);
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

#define IS_IN(directories, below, name) is_in(directories, ARRAY_SIZE(directories), below, name)

static void check_unit(struct doctor *doctor)
{
	if (!IS_IN(unit_directories, "", UNIT)) {
		doctor_find(doctor, "boot_unit", FINDING_WARNING,
			    UNIT " is not installed: the files are not applied at boot");
		doctor_hint(doctor, "'make install' and the package install it");
	} else if (!IS_IN(unit_directories, "/multi-user.target.wants", UNIT)) {
		doctor_find(doctor, "boot_unit", FINDING_WARNING, UNIT " is not enabled");
		doctor_hint(doctor, "%ssystemctl enable " UNIT, geteuid() ? "sudo " : "");
	} else {
		doctor_find(doctor, "boot_unit", FINDING_OK, UNIT " is enabled");
	}
}

static void check_rule(struct doctor *doctor)
{
	if (IS_IN(rule_directories, "", RULE)) {
		doctor_find(doctor, "boot_rule", FINDING_OK, "the udev rule is installed");
		return;
	}
	doctor_find(doctor, "boot_rule", FINDING_WARNING,
		    "the udev rule is not installed: cards that appear after boot get no devices");
	doctor_hint(doctor, "'make install' and the package install it");
}

void check_boot(struct doctor *doctor)
{
	const int count = count_files();

	if (count < 0)
		doctor_find(doctor, "boot_files", FINDING_WARNING, DIRECTORY ": %s",
			    err_words(-count));
	else if (!count)
		doctor_find(doctor, "boot_files", FINDING_OK,
			    "none in " DIRECTORY ": no devices are created at boot");
	else
		doctor_find(doctor, "boot_files", FINDING_OK, "%d in " DIRECTORY, count);
	if (count <= 0)
		return;
	check_unit(doctor);
	check_rule(doctor);
}
