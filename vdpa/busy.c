/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "busy.h"

#include "holders.h"
#include "sysfs.h"

#include <errno.h>
#include <stdio.h>

/* Of paths with a name of up to 255 bytes in them; longer ones are cut, and then found nowhere. */
#define PATH_SIZE 512

#define CHARDEV_PREFIX "vhost-vdpa-"

int busy_check_del(const char *dev, struct err *err)
{
	char path[PATH_SIZE], name[64];
	struct holder holder;

	snprintf(path, sizeof(path), "/sys/bus/vdpa/devices/%s/", dev);
	if (!sysfs_find(path, CHARDEV_PREFIX, name, sizeof(name)))
		return 0;
	snprintf(path, sizeof(path), "/dev/%s", name);
	if (!holders_find(path, &holder))
		return 0;
	err_set(err, EBUSY,
		"delete '%.300s': %s is open in process %d (%s), and the kernel would "
		"wait until it is closed",
		dev, path, (int)holder.pid, holder.command);
	err_hint(err, "end that process first; -f deletes all the same, and waits");
	return -EBUSY;
}

int busy_check_vduse(const char *dev, struct err *err)
{
	char path[PATH_SIZE];
	struct holder holder;

	snprintf(path, sizeof(path), "/dev/vduse/%s", dev);
	if (!sysfs_exists("/sys/bus/vdpa/drivers/virtio_vdpa") || !sysfs_exists(path) ||
	    !sysfs_is("/sys/bus/vdpa/drivers_autoprobe", '1') || holders_find(path, &holder))
		return 0;
	err_set(err, EBUSY,
		"add '%.300s': no program serves its VDUSE device, and virtio_vdpa would "
		"wait for one",
		dev);
	err_hint(err, "start the program that serves %.200s first; -f adds all the same, and waits",
		 path);
	return -EBUSY;
}
