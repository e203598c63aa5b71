/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"
#include "kernel.h"
#include "sysfs.h"

#include <bsd/string.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* So many are named; of others their number is. */
#define NAMED_MAX 6

/* Names, paths and the like, joined by commas. */
struct enumeration {
	char text[320];
	size_t count;
};

static void enumerate(struct enumeration *names, const char *name)
{
	if (names->count++ >= NAMED_MAX)
		return;
	if (names->count > 1)
		strlcat(names->text, ", ", sizeof(names->text));
	strlcat(names->text, name, sizeof(names->text));
}

static void end_enumeration(struct enumeration *names)
{
	char rest[64];

	if (names->count <= NAMED_MAX)
		return;
	snprintf(rest, sizeof(rest), " and %zu more", names->count - NAMED_MAX);
	names->text[sizeof(names->text) - sizeof(rest)] = '\0';
	strlcat(names->text, rest, sizeof(names->text));
}

/* Management devices */

static int is_waiting(void *data _unused_, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "/sys/bus/vdpa/devices/%s", name);
	return !str_equal(name, "control") && !sysfs_exists(path);
}

/*
 * Whether another device can be added to it: functions of hardware, which have a bus, hold one
 * each, and that of VDUSE wants a VDUSE device that was created and is not yet added.
 */
static bool has_room(const struct mgmtdev *mgmtdev, const struct list *devs)
{
	if (str_equal(mgmtdev->name, "vduse"))
		return sysfs_each("/sys/class/vduse", is_waiting, NULL);
	if (!strchr(mgmtdev->name, '/'))
		return true;
	for (size_t i = 0; i < devs->count; i++)
		if (str_equal(((const struct dev *)devs->items[i])->mgmtdev, mgmtdev->name))
			return false;
	return true;
}

static void no_mgmtdev(struct doctor *doctor)
{
	doctor_find(doctor, "mgmtdevs", FINDING_MISSING, "there is no management device");
	doctor_hint(doctor, "modprobe vdpa_sim_net for simulated devices, or modprobe the driver "
			    "of your hardware, such as mlx5_vdpa or vp_vdpa");
	doctor_blocked(doctor, STATUS_NOT_SUPPORTED);
}

static void no_room(struct doctor *doctor, const struct enumeration *names, bool has_vduse)
{
	doctor_find(doctor, "mgmtdevs", FINDING_MISSING, "none can take another device: %s",
		    names->text);
	if (has_vduse)
		doctor_hint(doctor, "create a VDUSE device first: vduse dev add ...");
	else
		doctor_hint(doctor, "delete one that is not needed: vdpa dev del ...");
	doctor_blocked(doctor, has_vduse ? STATUS_NO_DEVICE : STATUS_BUSY);
}

static void judge_mgmtdevs(struct doctor *doctor, const struct list *mgmtdevs,
			   const struct list *devs)
{
	bool room = false, has_vduse = false;
	struct enumeration names = { 0 };

	for (size_t i = 0; i < mgmtdevs->count; i++) {
		const struct mgmtdev *mgmtdev = mgmtdevs->items[i];

		room |= has_room(mgmtdev, devs);
		has_vduse |= str_equal(mgmtdev->name, "vduse");
		enumerate(&names, mgmtdev->name);
	}
	end_enumeration(&names);
	if (!names.count)
		no_mgmtdev(doctor);
	else if (!room)
		no_room(doctor, &names, has_vduse);
	else
		doctor_find(doctor, "mgmtdevs", FINDING_OK, "%s; with %zu device%s", names.text,
			    devs->count, devs->count == 1 ? "" : "s");
}

void doctor_check_mgmtdevs(struct doctor *doctor)
{
	_cleanup_(list_clear) struct list mgmtdevs = { 0 };
	_cleanup_(list_clear) struct list devs = { 0 };
	struct err err = { 0 };

	if (!doctor->has_family) {
		doctor_find(doctor, "mgmtdevs", FINDING_MISSING,
			    "without the family there are none");
	} else if (kernel_mgmtdevs(doctor->nl, &mgmtdevs, &err) ||
		   kernel_devs(doctor->nl, &devs, &err)) {
		doctor_find(doctor, "mgmtdevs", FINDING_WARNING, "unknown: %s", err.text);
		doctor_blocked(doctor, err_exit_status(&err));
	} else {
		judge_mgmtdevs(doctor, &mgmtdevs, &devs);
	}
}

/* Drivers */

static const char *const drivers[] = { "vhost_vdpa", "virtio_vdpa" };

/*
 * Which of the drivers the kernel asks first. It asks in the order in which they were registered,
 * in which their directories got their numbers too.
 */
static const char *first_driver(struct enumeration *names)
{
	const char *first = NULL;
	ino_t number = 0;

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		struct stat status;
		char path[64];

		snprintf(path, sizeof(path), "/sys/bus/vdpa/drivers/%s", drivers[i]);
		if (stat(path, &status))
			continue;
		enumerate(names, drivers[i]);
		if (!first || status.st_ino < number) {
			first = drivers[i];
			number = status.st_ino;
		}
	}
	return first;
}

void doctor_check_drivers(struct doctor *doctor)
{
	struct enumeration names = { 0 };
	const char *first;

	if (!doctor_wants_sysfs(doctor, "drivers"))
		return;
	first = first_driver(&names);
	if (!first) {
		doctor_find(doctor, "drivers", FINDING_MISSING,
			    "there is no driver that would take a new device");
		doctor_hint(doctor, "modprobe vhost_vdpa for virtual machines, modprobe "
				    "virtio_vdpa for this host");
	} else if (sysfs_is("/sys/bus/vdpa/drivers_autoprobe", '1')) {
		doctor_find(doctor, "drivers", FINDING_OK, "%s; autoprobe gives a new device to %s",
			    names.text, first);
	} else {
		doctor_find(doctor, "drivers", FINDING_WARNING,
			    "%s; a new device gets none, for autoprobe is off", names.text);
		doctor_hint(doctor, "echo 1 > /sys/bus/vdpa/drivers_autoprobe");
	}
}

/* Nodes */

#define VDUSE_DIRECTORY "/dev/vduse"

struct nodes {
	const struct doctor *doctor;
	struct enumeration present, missing;
	char make[200]; /* the command that makes the first one that is missing */
};

/* Ids have their names in files; libraries that know more places cannot be linked statically. */
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

static void show_node(struct nodes *nodes, const char *path, const struct stat *status)
{
	char user[32], group[32], text[160];

	user_name(status->st_uid, nodes->doctor->numeric, user, sizeof(user));
	group_name(status->st_gid, nodes->doctor->numeric, group, sizeof(group));
	snprintf(text, sizeof(text), "%s %s:%s %04o", path, user, group, status->st_mode & 07777);
	enumerate(&nodes->present, text);
}

/* A node that should be there, and the file below /sys that says of which device. */
struct node {
	char path[64], attribute[600];
};

/* In a container a node of another device may stand there. */
static void check_node(struct nodes *nodes, const struct node *node)
{
	unsigned int major, minor;
	struct stat status;
	char number[32];

	if (!sysfs_read(node->attribute, number, sizeof(number)) ||
	    sscanf(number, "%u:%u", &major, &minor) != 2)
		return;
	if (!stat(node->path, &status) && S_ISCHR(status.st_mode) &&
	    status.st_rdev == makedev(major, minor)) {
		show_node(nodes, node->path, &status);
		return;
	}
	enumerate(&nodes->missing, node->path);
	if (nodes->missing.count == 1)
		snprintf(nodes->make, sizeof(nodes->make), "%smknod -m 600 %s c %u %u",
			 str_starts(node->path, VDUSE_DIRECTORY) && !sysfs_exists(VDUSE_DIRECTORY)
				 ? "mkdir " VDUSE_DIRECTORY " && "
				 : "",
			 node->path, major, minor);
}

/* One that goes meanwhile, or for which there is no memory, is left out. */
static int take_bound_device(void *data, const char *dev)
{
	char directory[512], name[32];
	struct node *node;

	snprintf(directory, sizeof(directory), "/sys/bus/vdpa/devices/%s/", dev);
	if (!sysfs_find(directory, "vhost-vdpa-", name, sizeof(name)))
		return 0;
	node = list_new(data, sizeof(*node));
	if (!node)
		return -ENOMEM;
	snprintf(node->path, sizeof(node->path), "/dev/%s", name);
	snprintf(node->attribute, sizeof(node->attribute), "%s%s/dev", directory, name);
	return 0;
}

static int compare_nodes(const void *a, const void *b)
{
	return strverscmp((*(struct node *const *)a)->path, (*(struct node *const *)b)->path);
}

static void check_vhost_nodes(struct nodes *nodes)
{
	_cleanup_(list_clear) struct list list = { 0 };

	sysfs_each("/sys/bus/vdpa/drivers/vhost_vdpa", take_bound_device, &list);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_nodes);
	for (size_t i = 0; i < list.count; i++)
		check_node(nodes, list.items[i]);
}

void doctor_check_nodes(struct doctor *doctor)
{
	static const struct node control = { VDUSE_DIRECTORY "/control",
					     "/sys/class/vduse/control/dev" };
	struct nodes nodes = { .doctor = doctor };

	if (!doctor_wants_sysfs(doctor, "nodes"))
		return;
	check_node(&nodes, &control);
	check_vhost_nodes(&nodes);
	end_enumeration(&nodes.present);
	end_enumeration(&nodes.missing);
	if (nodes.missing.count) {
		doctor_find(doctor, "nodes", FINDING_WARNING, "missing: %s", nodes.missing.text);
		doctor_hint(doctor, "%s", nodes.make);
	} else {
		doctor_find(doctor, "nodes", FINDING_OK, "%s",
			    nodes.present.count ? nodes.present.text : "none is needed now");
	}
}
