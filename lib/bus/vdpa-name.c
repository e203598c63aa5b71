/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains why no device has a name, or why no new device can have it. */
#include "abi/vdpa.h"
#include "bus/vdpa-bus.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

void bus_hint_devices(struct err *err, const char *dev)
{
	char similar[NAME_MAX + 1];

	if (sysfs_find_similar(VDPA_BUS "/devices", dev, similar))
		err_hint(err, "did you mean '%s'? 'vdpa dev show' lists the devices", similar);
	else
		err_hint(err, "'vdpa dev show' lists the devices");
}

/*
 * Finds the directory that sysfs would give to a new device if it is already in use. It lies in the
 * management device's directory, or below /sys/devices if that is on no bus. Drivers on the
 * auxiliary bus make the new device a child of the PCI function, which is one level higher.
 */
static bool find_taken(const char *bus, const char *mgmtdev, const char *dev,
		       char path[2 * VDPA_PATH_SIZE])
{
	if (*bus) {
		snprintf(path, 2 * VDPA_PATH_SIZE, "/sys/bus/%s/devices/%.300s/%.255s", bus,
			 mgmtdev, dev);
		if (sysfs_exists(path) || !str_equal(bus, "auxiliary"))
			return sysfs_exists(path);
		snprintf(path, 2 * VDPA_PATH_SIZE, "/sys/bus/%s/devices/%.300s/../%.255s", bus,
			 mgmtdev, dev);
	} else if (str_equal(mgmtdev, "vduse")) {
		snprintf(path, 2 * VDPA_PATH_SIZE, "/sys/devices/virtual/vduse/%.255s/%.255s", dev,
			 dev);
	} else {
		snprintf(path, 2 * VDPA_PATH_SIZE, "/sys/devices/%.255s", dev);
	}
	return sysfs_exists(path);
}

ino_t bus_directory(const char *bus, const char *mgmtdev, const char *dev)
{
	char path[2 * VDPA_PATH_SIZE];
	struct stat status;

	if (bus_has(dev) || !find_taken(bus, mgmtdev, dev, path) || stat(path, &status))
		return 0;
	return status.st_ino;
}

int bus_explain_exists(struct err *err)
{
	return err_set(err, EEXIST, "a vDPA device of that name exists already");
}

int bus_explain_taken(struct err *err, const char *bus, const char *mgmtdev, const char *dev)
{
	char path[2 * VDPA_PATH_SIZE];

	find_taken(bus, mgmtdev, dev, path);
	err_set_status(err, STATUS_EXISTS, ENOTUNIQ,
		       "its directory would be %s, which the kernel uses for something else", path);
	err_hint(err, "choose another name");
	return -ENOTUNIQ;
}
