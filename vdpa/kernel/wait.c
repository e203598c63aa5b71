/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until a device is on the bus, is ready for use with its driver, or is gone. */
#include "abi/vdpa.h"
#include "base/clock.h"
#include "base/list.h"
#include "bind.h"
#include "bus/vdpa-bus.h"
#include "sys/modules.h"
#include "sys/sysfs.h"
#include "topology.h"

#include <errno.h>
#include <stdio.h>

/* Why a device is not in the state that was asked for. */
struct missing {
	char what[600];
	struct err hint; /* only its hint is used: the command that may help */
};

static bool node_is_there(const char *directory, const char *name, struct missing *missing)
{
	char path[512];

	snprintf(path, sizeof(path), "%s%s", directory, name);
	if (sysfs_exists(path))
		return true;
	snprintf(missing->what, sizeof(missing->what), "%s is not there", path);
	err_hint(&missing->hint,
		 "nothing creates nodes in this /dev: mount devtmpfs there, or start udev");
	return false;
}

/* Proposes the module for the virtio device's type, which sysfs reports as a number. */
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

/*
 * A virtio device can be used when its own driver has created an interface or a disk, or has at
 * least bound it. The bus reports a device as bound to virtio_vdpa even if that driver is missing.
 */
static bool virtio_is_ready(const struct topology *topology, struct missing *missing)
{
	char path[512];

	if (topology->netdev)
		return true;
	if (topology->disk)
		return node_is_there("/dev/", topology->disk, missing);
	if (!topology->virtio) {
		snprintf(missing->what, sizeof(missing->what), "it has no virtio device");
		return false;
	}
	snprintf(path, sizeof(path), "/sys/bus/virtio/devices/%.64s/driver", topology->virtio);
	snprintf(missing->what, sizeof(missing->what), "%.64s has no driver", topology->virtio);
	if (sysfs_exists(path))
		return true;
	hint_virtio_driver(topology->virtio, missing);
	return false;
}

static void explain_unbound(const char *driver, struct missing *missing)
{
	snprintf(missing->what, sizeof(missing->what), "no driver has bound it");
	if (sysfs_is(VDPA_BUS "/drivers_autoprobe", '0') > 0)
		err_hint(&missing->hint,
			 "name the driver, or echo 1 > /sys/bus/vdpa/drivers_autoprobe");
	else
		modules_hint(&missing->hint, driver ? driver : VDPA_DRIVER_VHOST, NULL);
}

static bool is_ready(const struct topology *topology, const char *driver, struct missing *missing)
{
	err_clear(&missing->hint);
	if (!topology->driver) {
		explain_unbound(driver, missing);
		return false;
	}
	if (driver && !str_equal(topology->driver, driver)) {
		snprintf(missing->what, sizeof(missing->what), "it is bound to %.64s",
			 topology->driver);
		return false;
	}
	return topology->chardev ? node_is_there("", topology->chardev, missing)
				 : virtio_is_ready(topology, missing);
}

/* Returns 1 if the device, which has a driver, is ready; 0 if something is missing. */
static int check_ready(const struct bind_wanted *wanted, struct missing *missing, struct err *err)
{
	_cleanup_(topology_release) struct list list = { 0 };
	struct dev *item = list_new(&list, sizeof(*item));
	int ret;

	if (!item)
		return err_memory(err);
	*item = (struct dev){ .name = wanted->dev };
	ret = topology_read(&list, TOPOLOGY_ENDPOINTS, err);
	return ret ? ret : is_ready(&item->topology, wanted->driver, missing);
}

/* Returns 1 if the device is in the wanted state, or 0 with the reason in @missing. */
static int look(const struct bind_wanted *wanted, struct missing *missing, struct err *err)
{
	const bool there = bus_has(wanted->dev);
	char driver[BIND_DRIVER_SIZE];
	bool bound;

	err_clear(&missing->hint);
	snprintf(missing->what, sizeof(missing->what),
		 there ? "it is still there" : "there is no such device");
	if (!there || wanted->state == BIND_THERE || wanted->state == BIND_GONE)
		return there == (wanted->state != BIND_GONE);
	/* Start with the cheap question: each event of any other device brings us here again. */
	bound = bind_current(wanted->dev, driver);
	if (bound)
		snprintf(missing->what, sizeof(missing->what), "it is bound to %s", driver);
	else
		explain_unbound(wanted->driver, missing);
	if (wanted->state == BIND_UNBOUND || !bound)
		return bound == (wanted->state != BIND_UNBOUND);
	return check_ready(wanted, missing, err);
}

int bind_await(struct uevents *uevents, const struct bind_wanted *wanted,
	       const struct opt_u32 *seconds, struct err *err)
{
	static const char *const subsystems[] = { "vdpa", "virtio", "net", "block", NULL };
	int64_t end = seconds->set ? clock_milliseconds() + (int64_t)seconds->value * 1000 : -1;
	struct missing missing;

	/* Without /sys, no device would ever appear, and every device would count as gone. */
	if (sysfs_check(err))
		return -ENOENT;
	for (;;) {
		bool late = seconds->set && clock_milliseconds() >= end;
		int ret = look(wanted, &missing, err);

		if (ret)
			return ret < 0 ? ret : 0;
		if (late)
			break;
		ret = uevents_sleep(uevents, subsystems, end, err);
		if (ret)
			return ret;
	}
	err_set(err, ETIMEDOUT, "timed out after %u s: %s", seconds->value, missing.what);
	if (missing.hint.hint[0])
		err_hint(err, "%s", missing.hint.hint);
	return -ETIMEDOUT;
}

int bind_wait(struct uevents *uevents, const char *dev, const char *driver, unsigned int seconds,
	      struct err *err)
{
	const struct bind_wanted wanted = { .dev = dev, .state = BIND_READY, .driver = driver };
	const struct opt_u32 limit = { .set = true, .value = seconds };

	return bind_await(uevents, &wanted, &limit, err);
}
