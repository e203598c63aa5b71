/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks device nodes for doctor, and reports who may open them. */
#include "doctor/doctor.h"
#include "sys/sysfs.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/*
 * Names come from the files alone: the C library's other sources are plugins, which a static
 * program cannot use.
 */
static void user_name(uid_t id, bool numeric, char *text, size_t size)
{
	FILE *file = numeric ? NULL : fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	while (file && (user = fgetpwent(file)) && user->pw_uid != id)
		;
	snprintf(text, size, "%ju", (uintmax_t)id);
	if (user)
		snprintf(text, size, "%s", user->pw_name);
	if (file)
		fclose(file);
}

static void group_name(gid_t id, bool numeric, char *text, size_t size)
{
	FILE *file = numeric ? NULL : fopen("/etc/group", "re");
	const struct group *group = NULL;

	while (file && (group = fgetgrent(file)) && group->gr_gid != id)
		;
	snprintf(text, size, "%ju", (uintmax_t)id);
	if (group)
		snprintf(text, size, "%s", group->gr_name);
	if (file)
		fclose(file);
}

static void show_node(struct doctor_nodes *nodes, const char *path, const struct stat *status)
{
	char user[32], group[32], text[160];

	user_name(status->st_uid, nodes->numeric, user, sizeof(user));
	group_name(status->st_gid, nodes->numeric, group, sizeof(group));
	snprintf(text, sizeof(text), "%s %s:%s %04o", path, user, group, status->st_mode & 07777);
	name_list_add(&nodes->present, text);
}

/* Stores the command that creates the node, and its directory if necessary. */
static void store_command(struct doctor_nodes *nodes, const char *path, unsigned int major_number,
			  unsigned int minor_number)
{
	int length = strrchr(path, '/') - path;
	char directory[300];

	snprintf(directory, sizeof(directory), "%.*s", length, path);
	snprintf(nodes->make, sizeof(nodes->make), "%s%s%smknod -m 600 %s c %u %u",
		 sysfs_exists(directory) ? "" : "mkdir ", sysfs_exists(directory) ? "" : directory,
		 sysfs_exists(directory) ? "" : " && ", path, major_number, minor_number);
}

/* In a container, the path may be the node of another device: compare the numbers. */
void doctor_nodes_check(struct doctor_nodes *nodes, const char *path, const char *attribute)
{
	unsigned int major_number, minor_number;
	struct stat status;
	char number[32];

	if (sysfs_read(attribute, number, sizeof(number)) <= 0 ||
	    sscanf(number, "%u:%u", &major_number, &minor_number) != 2)
		return;
	if (!stat(path, &status) && S_ISCHR(status.st_mode) &&
	    status.st_rdev == makedev(major_number, minor_number)) {
		show_node(nodes, path, &status);
		return;
	}
	name_list_add(&nodes->missing, path);
	if (nodes->missing.count == 1)
		store_command(nodes, path, major_number, minor_number);
}

void doctor_nodes_end(struct doctor_nodes *nodes, struct doctor *doctor)
{
	name_list_end(&nodes->present);
	name_list_end(&nodes->missing);
	if (nodes->missing.count) {
		doctor_find(doctor, "nodes", FINDING_WARNING, "missing: %s", nodes->missing.text);
		doctor_hint(doctor, "%s", nodes->make);
	} else {
		doctor_find(doctor, "nodes", FINDING_OK, "%s",
			    nodes->present.count ? nodes->present.text : "none is needed now");
	}
}
