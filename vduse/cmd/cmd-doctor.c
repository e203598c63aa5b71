/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vduse doctor". */
#include "abi/vdpa.h"
#include "abi/vduse.h"
#include "base/list.h"
#include "commands.h"
#include "doctor/doctor.h"
#include "sys/modules.h"
#include "sys/sysfs.h"
#include "vduse/kernel/explain.h"
#include "vduse/kernel/kernel.h"
#include "vduse/ops/dev-attach.h"

#include <errno.h>
#include <stdio.h>

static const struct doctor_module modules[] = {
	{ "module_vduse", "vduse", "CONFIG_VDPA_USER", "devices that programs serve" },
	{ "module_vhost_vdpa", VDPA_DRIVER_VHOST, "CONFIG_VHOST_VDPA",
	  "devices for virtual machines" },
	{ "module_virtio_vdpa", VDPA_DRIVER_VIRTIO, "CONFIG_VIRTIO_VDPA", "devices for this host" },
};

/* The kernel's answers on the control node. Without the node no device can be created. */
static void check_control(struct doctor *doctor)
{
	_cleanup_(control_close) struct control control = CONTROL_INIT;
	struct err err = { 0 };
	char names[VDUSE_FEATURES_TEXT_SIZE];

	if (control_open(&control, &err)) {
		doctor_find(doctor, "control", FINDING_MISSING, "%s", err.text);
		if (err.hint[0])
			doctor_hint(doctor, "%s", err.hint);
		doctor_blocked(doctor, err_exit_status(&err));
		doctor_find(doctor, "api_version", FINDING_WARNING,
			    "unknown without the control node");
		doctor_find(doctor, "vduse_features", FINDING_WARNING,
			    "unknown without the control node");
		return;
	}
	doctor_find(doctor, "control", FINDING_OK, "it answers");
	doctor_find(doctor, "api_version", FINDING_OK, "%ju; this tool speaks up to %d%s",
		    (uintmax_t)control.version, API_VERSION_TOOL,
		    control.version < VDUSE_API_VERSION_1 ? "; no groups, no address spaces" : "");
	vduse_features_format(control.features, names);
	doctor_find(doctor, "vduse_features", FINDING_OK, "%s",
		    !control.has_features ? "none: this kernel has no VDUSE feature negotiation"
		    : names[0]		  ? names
					  : "none");
}

static void check_rights(struct doctor *doctor)
{
	doctor_check_net_admin(doctor, FINDING_WARNING,
			       ": no net device can be created, and none attached");
	doctor_check_user_namespace(doctor);
}

/* The netlink family by which devices get onto the vdpa bus. */
static void check_mgmtdev(struct doctor *doctor)
{
	struct err err = { 0 };
	int ret;

	/* Asking would make the kernel search for a module first, which takes long. */
	if (doctor->has_sysfs && !sysfs_exists(VDUSE_CLASS)) {
		doctor_find(doctor, "mgmtdev", FINDING_MISSING, "none without VDUSE");
		modules_hint(&err, "vduse", "CONFIG_VDPA_USER");
		if (err.hint[0])
			doctor_hint(doctor, "%s", err.hint);
		return;
	}
	ret = attach_check_mgmtdev(&err);
	if (!ret) {
		doctor_find(doctor, "mgmtdev", FINDING_OK, VDUSE_MGMTDEV);
		return;
	}
	doctor_find(doctor, "mgmtdev", ret == -ETIMEDOUT ? FINDING_WARNING : FINDING_MISSING,
		    "no device can be attached: %s", err.text);
	if (err.hint[0])
		doctor_hint(doctor, "%s", err.hint);
}

/* Drivers may wait for ever for an attached device that no program serves. */
static const struct dev *find_unserved(const struct list *devs)
{
	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];

		if (dev->attached && dev->state == STATE_ORPHAN)
			return dev;
	}
	return NULL;
}

static void count_devs(struct doctor *doctor, const struct list *devs)
{
	const struct dev *unserved = find_unserved(devs);
	size_t served = 0, orphans = 0, attached = 0;

	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];

		served += dev->state == STATE_SERVED;
		orphans += dev->state == STATE_ORPHAN;
		attached += dev->attached;
	}
	if (!unserved) {
		doctor_find(doctor, "devices", FINDING_OK,
			    "%zu, of which %zu served, %zu orphans; %zu attached", devs->count,
			    served, orphans, attached);
		return;
	}
	doctor_find(doctor, "devices", FINDING_WARNING,
		    "%zu, of which %zu served, %zu orphans; %zu attached, such as '%.255s', which "
		    "nobody serves",
		    devs->count, served, orphans, attached, unserved->name);
	doctor_hint(doctor,
		    "start the program that serves it, or delete it: vduse dev del %s detach",
		    explain_name(unserved->name));
}

static void check_devs(struct doctor *doctor, struct list *devs)
{
	struct err err;

	if (!doctor_needs_sysfs(doctor, "devices"))
		return;
	if (kernel_devs(false, devs, &err))
		doctor_find(doctor, "devices", FINDING_OK, "none");
	else
		count_devs(doctor, devs);
}

static void check_nodes(struct doctor *doctor, const struct list *devs)
{
	struct doctor_nodes nodes = { .numeric = doctor->numeric };

	if (!doctor_needs_sysfs(doctor, "nodes"))
		return;
	doctor_nodes_check(&nodes, VDUSE_NODES "/" VDUSE_CONTROL,
			   VDUSE_CLASS "/" VDUSE_CONTROL "/dev");
	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];
		char attribute[512];

		kernel_sysfs_path(dev->name, "dev", attribute, sizeof(attribute));
		doctor_nodes_check(&nodes, dev->chardev, attribute);
	}
	doctor_nodes_end(&nodes, doctor);
}

int doctor_run(void *data, const void *args _unused_, struct err *err)
{
	_cleanup_(doctor_release) struct doctor doctor = {
		.tool = "vduse",
		.without = "no device can be created now",
	};
	_cleanup_(devs_clear) struct list devs = { 0 };
	struct app *app = data;

	doctor_begin(&doctor, app);
	doctor_check_modules(&doctor, modules, ARRAY_SIZE(modules), VDUSE_CLASS, "VDUSE");
	check_control(&doctor);
	check_rights(&doctor);
	check_mgmtdev(&doctor);
	doctor_check_drivers(&doctor);
	check_devs(&doctor, &devs);
	check_nodes(&doctor, &devs);
	return doctor_end(&doctor, app, err);
}
