/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Knows what drivers let be set when a device is made, and how many devices they make. */
#include "driver-limits.h"

#include "abi/vdpa.h"
#include "sys/sysfs.h"

#include <stdio.h>

#define MAC	 BIT64(VDPA_ATTR_DEV_NET_CFG_MACADDR)
#define MTU	 BIT64(VDPA_ATTR_DEV_NET_CFG_MTU)
#define PAIRS	 BIT64(VDPA_ATTR_DEV_NET_CFG_MAX_VQP)
#define FEATURES BIT64(VDPA_ATTR_DEV_FEATURES)

/* By the config_attr_mask that each of the kernel's drivers registers its management devices with.
 */
static const struct taken {
	const char *driver; /* or the management device itself where it has no bus; a prefix */
	uint64_t attributes;
	/*
	 * How many devices a management device keeps; 0: any number. Drivers that keep one device
	 * refuse a second one, but vp_vdpa does not, and deletes the wrong one later.
	 */
	uint32_t limit;
} taken[] = {
	{ "vdpasim_net", MAC | MTU | FEATURES, 0 },
	{ "vdpasim_blk", 0, 0 },
	{ "vduse", 0, 0 },
	{ "vp-vdpa", FEATURES, 1 },
	{ "ifcvf", FEATURES, 1 },
	{ "octep", FEATURES, 1 },
	{ "mlx5_core", MAC | MTU | PAIRS | FEATURES, 1 },
	{ "pds", MAC | PAIRS | FEATURES, 1 },
};

/* Copies what the table knows it by. */
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

/* The row of its driver, or NULL. */
static const struct taken *find(const char *mgmtdev)
{
	char name[SYSFS_PATH_SIZE];

	find_driver(mgmtdev, name);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		if (str_starts(name, taken[i].driver))
			return &taken[i];
	return NULL;
}

uint64_t driver_limits_attributes(const char *mgmtdev)
{
	const struct taken *row = find(mgmtdev);

	return row ? row->attributes : MAC | MTU | PAIRS | FEATURES;
}

uint32_t driver_limits_devices(const char *mgmtdev)
{
	const struct taken *row = find(mgmtdev);

	return row ? row->limit : 0;
}
