/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Knows which settings each driver accepts for a new device, and how many devices it creates. */
#include "driver-limits.h"

#include "abi/vdpa.h"
#include "sys/sysfs.h"

#include <stdio.h>

#define MAC	 BIT64(VDPA_ATTR_DEV_NET_CFG_MACADDR)
#define MTU	 BIT64(VDPA_ATTR_DEV_NET_CFG_MTU)
#define PAIRS	 BIT64(VDPA_ATTR_DEV_NET_CFG_MAX_VQP)
#define FEATURES BIT64(VDPA_ATTR_DEV_FEATURES)

/*
 * From the config_attr_mask with which each driver of the kernel registers its management devices.
 * The kernel refuses a request outside that mask, but does not report the mask itself.
 */
static const struct limits {
	const char *driver; /* a prefix; without a bus, of the management device's own name */
	uint64_t attributes;
	/*
	 * How many devices a management device can have; 0: any number. Drivers that can have one
	 * refuse a second one. Only vp_vdpa accepts it, and later deletes the wrong one.
	 */
	uint32_t devices;
} limits[] = {
	{ "vdpasim_net", MAC | MTU | FEATURES, 0 },
	{ "vdpasim_blk", 0, 0 },
	{ "vduse", 0, 0 },
	{ "vp-vdpa", FEATURES, 1 },
	{ "ifcvf", FEATURES, 1 },
	{ "octep", FEATURES, 1 },
	{ "mlx5_core", MAC | MTU | PAIRS | FEATURES, 1 },
	{ "pds", MAC | PAIRS | FEATURES, 1 },
};

/* Copies the name by which the table knows a management device: its driver's, or its own. */
static void find_driver(const char *mgmtdev, char name[SYSFS_PATH_SIZE])
{
	const char *slash = strchr(mgmtdev, '/');
	char path[512], target[SYSFS_PATH_SIZE];

	snprintf(name, SYSFS_PATH_SIZE, "%s", slash ? slash + 1 : mgmtdev);
	if (!slash)
		return;
	snprintf(path, sizeof(path), "/sys/bus/%.*s/devices/%.255s/driver", (int)(slash - mgmtdev),
		 mgmtdev, slash + 1);
	if (sysfs_link(path, target))
		snprintf(name, SYSFS_PATH_SIZE, "%s", sysfs_base(target));
}

/* Returns the row of the management device's driver, or NULL. */
static const struct limits *find(const char *mgmtdev)
{
	char name[SYSFS_PATH_SIZE];

	find_driver(mgmtdev, name);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (str_starts(name, limits[i].driver))
			return &limits[i];
	return NULL;
}

uint64_t driver_limits_attributes(const char *mgmtdev)
{
	const struct limits *row = find(mgmtdev);

	return row ? row->attributes : MAC | MTU | PAIRS | FEATURES;
}

uint32_t driver_limits_devices(const char *mgmtdev)
{
	const struct limits *row = find(mgmtdev);

	return row ? row->devices : 0;
}
