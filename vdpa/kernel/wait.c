/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until what a driver makes of a device is there. */
#include "bind.h"
#include "links.h"
#include "sys/guard.h"
#include "sys/modules.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <stdio.h>

/* What a device waits for, with the command that may bring it. */
struct missing {
	char what[600];
	struct err hint; /* the hint of it */
};

static bool node_is_there(const char *directory, const char *name, struct missing *missing)
{
	char path[512];

	snprintf(path, sizeof(path), "%s%s", directory, name);
	if (sysfs_exists(path))
		return true;
	snprintf(missing->what, sizeof(missing->what), "%s is not there", path);
	err_hint(&missing->hint,
		 "nothing puts nodes into this /dev: mount devtmpfs there, or start udev");
	return false;
}

/* The driver of a virtio device's type, which its own attribute tells. */
static void hint_virtio_driver(const char *virtio, struct missing *missing)
{
	static const struct {
		uint32_t id;
		const char *module, *option;
	} drivers[] = {
		{ 1, "virtio_net", "CONFIG_VIRTIO_NET" },
		{ 2, "virtio_blk", "CONFIG_VIRTIO_BLK" },
		{ 26, "virtiofs", "CONFIG_VIRTIO_FS" },
	};
	char path[512], id[32];

	snprintf(path, sizeof(path), "/sys/bus/virtio/devices/%.64s/device", virtio);
	if (sysfs_read(path, id, sizeof(id)) <= 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (strtoul(id, NULL, 16) == drivers[i].id)
			modules_hint(&missing->hint, drivers[i].module, drivers[i].option);
}

/* A virtio device is of use once its driver made something of it. */
static bool virtio_is_ready(const struct links *links, struct missing *missing)
{
	char path[512];

	if (links->netdev)
		return true;
	if (links->disk)
		return node_is_there("/dev/", links->disk, missing);
	if (!links->virtio) {
		snprintf(missing->what, sizeof(missing->what), "it has no virtio device");
		return false;
	}
	snprintf(path, sizeof(path), "/sys/bus/virtio/devices/%.64s/driver", links->virtio);
	snprintf(missing->what, sizeof(missing->what), "%.64s has no driver", links->virtio);
	if (sysfs_exists(path))
		return true;
	hint_virtio_driver(links->virtio, missing);
	return false;
}

static void explain_unbound(const char *driver, struct missing *missing)
{
	snprintf(missing->what, sizeof(missing->what), "no driver has taken it");
	if (sysfs_is("/sys/bus/vdpa/drivers_autoprobe", '0') > 0)
		err_hint(&missing->hint,
			 "name the driver, or echo 1 > /sys/bus/vdpa/drivers_autoprobe");
	else
		modules_hint(&missing->hint, driver ? driver : "vhost_vdpa", NULL);
}

static bool is_ready(const struct links *links, const char *driver, struct missing *missing)
{
	err_clear(&missing->hint);
	if (!links->driver) {
		explain_unbound(driver, missing);
		return false;
	}
	if (driver && !str_equal(links->driver, driver)) {
		snprintf(missing->what, sizeof(missing->what), "it is bound to %.64s",
			 links->driver);
		return false;
	}
	return links->chardev ? node_is_there("", links->chardev, missing)
			      : virtio_is_ready(links, missing);
}

/* Returns 1 when the device is ready, 0 when something is missing. */
static int look(const char *dev, const char *driver, struct missing *missing, struct err *err)
{
	_cleanup_(links_release) struct list list = { 0 };
	struct dev *item = list_new(&list, sizeof(*item));
	int ret;

	if (!item)
		return err_memory(err);
	*item = (struct dev){ .name = dev };
	ret = links_read(&list, err);
	return ret ? ret : is_ready(&item->links, driver, missing);
}

/* Whether an event may be what somebody waits for. */
static bool concerns_us(const struct uevent *uevent)
{
	static const char *const subsystems[] = { "vdpa", "virtio", "net", "block" };

	for (size_t i = 0; i < ARRAY_SIZE(subsystems); i++)
		if (str_equal(uevent->subsystem, subsystems[i]))
			return true;
	return false;
}

/* Sleeps until something happened that may matter, or until @end. */
static int sleep_until(struct uevents *uevents, int64_t end, struct err *err)
{
	struct uevent uevent;
	int64_t left;
	int ret;

	do {
		left = end - milliseconds_now();
		ret = left <= 0 ? 0 : uevents_receive(uevents, (int)left, &uevent, err);
	} while (ret > 0 && !concerns_us(&uevent));
	if (ret == -EINTR)
		return guard_check(err);
	/* What was lost may have been it. */
	return ret == -ENOBUFS || ret > 0 ? 0 : ret;
}

int bind_wait(struct uevents *uevents, const char *dev, const char *driver, unsigned int seconds,
	      struct err *err)
{
	int64_t end = milliseconds_now() + (int64_t)seconds * 1000;
	struct missing missing;

	for (;;) {
		bool late = milliseconds_now() >= end;
		int ret = look(dev, driver, &missing, err);

		if (ret)
			return ret < 0 ? ret : 0;
		if (late)
			break;
		ret = sleep_until(uevents, end, err);
		if (ret)
			return ret;
	}
	err_set(err, ETIMEDOUT, "waited %u s in vain: %s", seconds, missing.what);
	if (missing.hint.hint[0])
		err_hint(err, "%s", missing.hint.hint);
	return -ETIMEDOUT;
}
