/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checks.h"
#include "kernel.h"
#include "sysfs.h"

#include <errno.h>
#include <stdio.h>

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
	enumeration_end(&names);
	if (!names.count)
		no_mgmtdev(doctor);
	else if (!room)
		no_room(doctor, &names, has_vduse);
	else
		doctor_find(doctor, "mgmtdevs", FINDING_OK, "%s; with %zu device%s", names.text,
			    devs->count, devs->count == 1 ? "" : "s");
}

void check_mgmtdevs(struct doctor *doctor, struct nl *nl)
{
	_cleanup_(list_clear) struct list mgmtdevs = { 0 };
	_cleanup_(list_clear) struct list devs = { 0 };
	struct err err = { 0 };

	if (!nl) {
		doctor_find(doctor, "mgmtdevs", FINDING_MISSING,
			    "without the family there are none");
	} else if (kernel_mgmtdevs(nl, &mgmtdevs, &err) || kernel_devs(nl, &devs, &err)) {
		doctor_find(doctor, "mgmtdevs", FINDING_WARNING, "unknown: %s", err.text);
		doctor_blocked(doctor, err_exit_status(&err));
	} else {
		judge_mgmtdevs(doctor, &mgmtdevs, &devs);
	}
}

/* Nodes */

/* A node that should be there, and the file below /sys that says of which device. */
struct node {
	char path[64], attribute[600];
};

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

static const struct node *node_at(const struct list *list, size_t index)
{
	return list->items[index];
}

static void check_vhost_nodes(struct doctor_nodes *nodes)
{
	_cleanup_(list_clear) struct list list = { 0 };

	sysfs_each("/sys/bus/vdpa/drivers/vhost_vdpa", take_bound_device, &list);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_nodes);
	for (size_t i = 0; i < list.count; i++)
		doctor_nodes_check(nodes, node_at(&list, i)->path, node_at(&list, i)->attribute);
}

void check_nodes(struct doctor *doctor)
{
	struct doctor_nodes nodes = { .numeric = doctor->numeric };

	if (!doctor_wants_sysfs(doctor, "nodes"))
		return;
	doctor_nodes_check(&nodes, "/dev/vduse/control", "/sys/class/vduse/control/dev");
	check_vhost_nodes(&nodes);
	doctor_nodes_end(&nodes, doctor);
}
