/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of doctor: management devices, and the nodes of devices. */
#include "abi/vdpa.h"
#include "base/list.h"
#include "doctor-checks.h"
#include "sys/sysfs.h"
#include "vdpa/kernel/explain.h"

#include <errno.h>
#include <stdio.h>

/* Management devices */

static void no_mgmtdev(struct doctor *doctor, const struct answers *answers)
{
	struct err err;

	doctor_find(doctor, "mgmtdevs", FINDING_MISSING, "there is no management device%s%s",
		    answers->unmanaged.count ? "; unmanaged devices: " : "",
		    answers->unmanaged.text);
	explain_hint_mgmtdevs(&err);
	doctor_hint(doctor, "%s", err.hint);
	doctor_blocked(doctor, STATUS_NOT_SUPPORTED);
}

static void no_room(struct doctor *doctor, const struct answers *answers)
{
	doctor_find(doctor, "mgmtdevs", FINDING_MISSING, "none has room for another device: %s",
		    answers->mgmtdevs.text);
	if (answers->has_vduse)
		doctor_hint(doctor, "create a VDUSE device first: vduse dev add ...");
	else
		doctor_hint(doctor, "delete one that is not needed: vdpa dev del ...");
	doctor_blocked(doctor, answers->has_vduse ? STATUS_NO_DEVICE : STATUS_BUSY);
}

/* Unmanaged devices are those of a few drivers that create them without a management device. */
static void all_well(struct doctor *doctor, const struct answers *answers)
{
	const struct name_list *unmanaged = &answers->unmanaged;

	doctor_find(doctor, "mgmtdevs", FINDING_OK, "%s; with %zu device%s%s%s",
		    answers->mgmtdevs.text, answers->devs, answers->devs == 1 ? "" : "s",
		    unmanaged->count ? "; unmanaged: " : "", unmanaged->text);
}

void check_mgmtdevs(struct doctor *doctor, const struct answers *answers)
{
	if (answers->stuck) {
		doctor_find(doctor, "mgmtdevs", FINDING_WARNING,
			    "unknown: the kernel does not answer");
	} else if (!answers->has_family) {
		doctor_find(doctor, "mgmtdevs", FINDING_MISSING, "none without the netlink family");
	} else if (answers->no_list.code) {
		doctor_find(doctor, "mgmtdevs", FINDING_WARNING, "unknown: %s",
			    answers->no_list.text);
		doctor_blocked(doctor, err_exit_status(&answers->no_list));
	} else if (!answers->mgmtdevs.count) {
		no_mgmtdev(doctor, answers);
	} else if (!answers->room) {
		no_room(doctor, answers);
	} else {
		all_well(doctor, answers);
	}
}

/* Nodes */

/* A node that should exist, and the file below /sys with its device number. */
struct node {
	char path[64], attribute[600];
};

/* A device that is deleted meanwhile is left out. */
static int take_bound_device(void *data, const char *dev)
{
	char directory[512], name[32];
	struct node *node;

	snprintf(directory, sizeof(directory), VDPA_BUS "/devices/%s/", dev);
	if (sysfs_find(directory, "vhost-vdpa-", name, sizeof(name)) <= 0)
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

	sysfs_each(VDPA_BUS "/drivers/vhost_vdpa", take_bound_device, &list);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_nodes);
	for (size_t i = 0; i < list.count; i++)
		doctor_nodes_check(nodes, node_at(&list, i)->path, node_at(&list, i)->attribute);
}

void check_nodes(struct doctor *doctor)
{
	struct doctor_nodes nodes = { .numeric = doctor->numeric };

	if (!doctor_needs_sysfs(doctor, "nodes"))
		return;
	doctor_nodes_check(&nodes, "/dev/vduse/control", "/sys/class/vduse/control/dev");
	check_vhost_nodes(&nodes);
	doctor_nodes_end(&nodes, doctor);
}
