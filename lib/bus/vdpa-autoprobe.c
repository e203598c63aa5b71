/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the vdpa bus from giving a new device to the wrong driver. */
#include "bus/vdpa-autoprobe.h"

#include "abi/vdpa.h"
#include "base/num.h"
#include "bus/vdpa-bus.h"
#include "sys/guard.h"
#include "sys/rights.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define CONTROL VDPA_BUS "/drivers_autoprobe"
#define PROBE	VDPA_BUS "/drivers_probe"

/* Bytes for events that may arrive while the switch is off. */
#define EVENTS_SIZE (1 << 20)

/*
 * While we have turned the switch off, its file has this mode instead of the usual 0644. If we are
 * killed, the mode shows the next run that the switch was not turned off by an administrator.
 */
#define MODE_OFF 0600
#define MODE_ON	 0644

/* The lock, and the switch */

/* Returns a file descriptor of the switch, or a negative errno. */
static int open_control(void)
{
	int fd = open(CONTROL, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int failed(int code, struct err *err)
{
	if (code != EACCES && code != EPERM && code != EROFS)
		return err_set(err, code, "write " CONTROL ": %s", err_words(code));
	err_set_status(err, STATUS_NOT_PERMITTED, code, "write " CONTROL ": %s", err_words(code));
	rights_hint_sysfs(err, program_invocation_short_name, code);
	return -code;
}

/* Returns 0 or a negative errno. */
static int turn(int control, bool on)
{
	/* Killed between these two steps, we leave a state that the next run repairs. */
	if (!on && fchmod(control, MODE_OFF))
		return -errno;
	if (pwrite(control, on ? "1" : "0", 1, 0) != 1)
		return -errno;
	return on && fchmod(control, MODE_ON) ? -errno : 0;
}

/*
 * Only whoever holds the lock alone turns the switch off. So while we hold it, even shared, a
 * switch with MODE_OFF was left behind by a process that was killed.
 */
static void recover(void)
{
	_cleanup_close_ int control = -1;
	struct stat status;

	if (stat(CONTROL, &status) || (status.st_mode & 07777) != MODE_OFF)
		return;
	control = open_control();
	if (control >= 0)
		turn(control, true);
}

/* Returns whether the bus would give a new device to another driver than @driver. */
static bool must_be_off(const char *driver)
{
	const char *first = bus_first_driver();

	if (!first || (driver && (str_equal(driver, AUTOPROBE_ANY) || str_equal(driver, first))))
		return false;
	/* Treat a switch that cannot be read as on: opening it will report the reason. */
	return sysfs_is(CONTROL, '0') <= 0;
}

int autoprobe_lock(struct autoprobe *autoprobe, const char *driver, struct err *err)
{
	bool off = must_be_off(driver);
	int ret;

	*autoprobe = (struct autoprobe)AUTOPROBE_INIT;
	ret = sysfs_lock(PROBE, !off, &autoprobe->lock, err);
	if (!ret)
		recover();
	if (ret || !must_be_off(driver))
		return ret;
	/* A killed run had left the switch off when we looked, so we hold the lock shared only. */
	if (!off) {
		close_file(&autoprobe->lock);
		ret = sysfs_lock(PROBE, false, &autoprobe->lock, err);
	}
	if (ret)
		return ret;
	autoprobe->control = open_control();
	if (autoprobe->control < 0)
		return failed(-autoprobe->control, err);
	/* Receive an event for each device that others create while the switch is off. */
	return uevents_open(&autoprobe->uevents, EVENTS_SIZE, err);
}

int autoprobe_off(struct autoprobe *autoprobe, struct err *err)
{
	int ret;

	if (autoprobe->control < 0)
		return 0;
	autoprobe->off = true;
	ret = turn(autoprobe->control, false);
	return ret ? failed(-ret, err) : 0;
}

/* Devices of others */

/*
 * A VDUSE device that nobody serves would block us, and the whole bus, until a program serves it.
 */
static bool would_wait(const char *dev)
{
	struct holder holder;

	return bus_is_vduse(dev) && bus_gives_to_virtio() &&
	       bus_find_server(dev, &holder) != HOLDERS_FOUND;
}

/*
 * Writing a name to drivers_probe makes the bus offer the device to its drivers, as for a new one.
 * This respects driver_override, and a device that has a driver keeps it.
 */
static void probe(const char *dev)
{
	char path[512];

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.255s/driver", dev);
	if (!sysfs_exists(path) && !would_wait(dev))
		sysfs_write(PROBE, dev);
}

static int probe_entry(void *data, const char *name)
{
	if (!str_equal(name, data))
		probe(name);
	return 0;
}

/* The kernel sends the event of a new device before it asks the drivers, so none is missed. */
static void probe_others(struct uevents *uevents, const char *created)
{
	struct uevent uevent;
	struct err err;
	int ret;

	while ((ret = uevents_receive(uevents, 0, &uevent, &err)) > 0)
		if (str_equal(uevent.subsystem, "vdpa") && str_equal(uevent.action, "add") &&
		    !str_equal(uevent.name, created))
			probe(uevent.name);
	/* Events were lost: any device without a driver may be new. */
	if (ret == -ENOBUFS)
		sysfs_each(VDPA_BUS "/devices", probe_entry, (void *)created);
}

int autoprobe_release(struct autoprobe *autoprobe, const char *created, struct err *err)
{
	int ret = autoprobe->off ? turn(autoprobe->control, true) : 0;

	/* While the switch is off, no new device of the host gets a driver: so try once more. */
	if (ret)
		ret = turn(autoprobe->control, true);
	if (ret)
		failed(-ret, err);
	else if (autoprobe->off)
		probe_others(&autoprobe->uevents, created);
	uevents_release(&autoprobe->uevents);
	close_file(&autoprobe->control);
	close_file(&autoprobe->lock);
	autoprobe->lock = autoprobe->control = -1;
	autoprobe->off = false;
	return ret;
}
