/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vdpa-bus.h"

#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define BUS "/sys/bus/vdpa"

/* Of paths with a name of up to 255 bytes in them; longer ones are cut, and then found nowhere. */
#define PATH_SIZE 512

/*
 * A batch asks for each of its lines: the directory is kept open, and opened anew when a device is
 * not found, for the module may have gone and come back. That it is a link is enough: to follow it
 * would cost the kernel as much again.
 */
static bool is_listed(const char *dev)
{
	static int devices = -1;
	char path[PATH_SIZE];

	if (devices >= 0 && !faccessat(devices, dev, F_OK, AT_SYMLINK_NOFOLLOW))
		return true;
	close_file(&devices);
	devices = open(BUS "/devices", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (devices >= 0)
		return !faccessat(devices, dev, F_OK, AT_SYMLINK_NOFOLLOW);
	snprintf(path, sizeof(path), BUS "/devices/%s", dev);
	return sysfs_exists(path);
}

bool bus_has(const char *dev)
{
	/* What leads elsewhere below /sys is no name. */
	if (strchr(dev, '/') || str_equal(dev, ".") || str_equal(dev, "..") || strlen(dev) > 255)
		return false;
	return is_listed(dev);
}

int bus_find_holder(const char *path, struct holder *holder)
{
	unsigned int major_number, minor_number;
	char text[32];

	return sysfs_read(path, text, sizeof(text)) &&
	       sscanf(text, "%u:%u", &major_number, &minor_number) == 2 &&
	       holders_find_device(makedev(major_number, minor_number), holder);
}

/* Asked of the driver: mostly it is not loaded, and then there is little to look for. */
static bool is_driven_by_vhost(const char *dev)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), BUS "/drivers/vhost_vdpa/%.255s", dev);
	return sysfs_exists(path);
}

int bus_check_node(const char *dev, struct err *err)
{
	char path[PATH_SIZE], name[64];
	struct holder holder;

	if (!is_driven_by_vhost(dev))
		return 0;
	snprintf(path, sizeof(path), BUS "/devices/%.255s/", dev);
	if (!sysfs_find(path, "vhost-vdpa-", name, sizeof(name)))
		return 0;
	snprintf(path, sizeof(path), BUS "/devices/%.255s/%.63s/dev", dev, name);
	if (!bus_find_holder(path, &holder))
		return 0;
	if (holder.pid == getpid()) {
		err_set(err, EBUSY,
			"/dev/%s was opened by whoever started this command, which has it open "
			"now as well",
			name);
		err_hint(err, "close it first");
		return -EBUSY;
	}
	err_set(err, EBUSY,
		"/dev/%s is open in process %d (%s), and the kernel would wait until it is closed",
		name, (int)holder.pid, holder.command);
	err_hint(err, "end that process first; -f does it all the same, and waits");
	return -EBUSY;
}

bool bus_gives_to_virtio(void)
{
	return sysfs_exists(BUS "/drivers/virtio_vdpa") && sysfs_is(BUS "/drivers_autoprobe", '1');
}
