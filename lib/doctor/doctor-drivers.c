/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the vdpa bus and its drivers for doctor. */
#include "abi/vdpa.h"
#include "bus/vdpa-bus.h"
#include "doctor/doctor.h"
#include "sys/modules.h"
#include "sys/sysfs.h"

#include <stdio.h>

static const char *const drivers[] = { VDPA_DRIVER_VHOST, VDPA_DRIVER_VIRTIO };

static void list_drivers(struct name_list *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		char path[64];

		snprintf(path, sizeof(path), VDPA_BUS "/drivers/%s", drivers[i]);
		if (sysfs_exists(path))
			name_list_add(names, drivers[i]);
	}
}

static const struct module_choice choices[] = {
	{ VDPA_DRIVER_VHOST, "virtual machines" },
	{ VDPA_DRIVER_VIRTIO, "this host" },
};

void doctor_check_drivers(struct doctor *doctor)
{
	struct name_list names = { 0 };
	const char *first;
	struct err err;

	if (!doctor_needs_sysfs(doctor, "drivers"))
		return;
	list_drivers(&names);
	first = bus_first_driver();
	if (!first) {
		doctor_find(doctor, "drivers", FINDING_MISSING,
			    "no driver is loaded that would take a new device");
		modules_hint_any(&err, choices, ARRAY_SIZE(choices), "drivers of the vdpa bus");
		doctor_hint(doctor, "%s", err.hint);
	} else if (sysfs_is(VDPA_BUS "/drivers_autoprobe", '1') > 0) {
		doctor_find(doctor, "drivers", FINDING_OK, "%s; autoprobe gives a new device to %s",
			    names.text, first);
	} else {
		doctor_find(doctor, "drivers", FINDING_WARNING,
			    "%s; a new device gets none, because autoprobe is off", names.text);
		doctor_hint(doctor, "echo 1 > /sys/bus/vdpa/drivers_autoprobe");
	}
}
