/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binds devices to drivers of the vdpa bus, through sysfs. */
#include "bind.h"

#include "abi/vdpa.h"
#include "bus/vdpa-bus.h"
#include "bus/vdpa-node.h"
#include "sys/guard.h"
#include "sys/modules.h"
#include "sys/rights.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <stdio.h>

static void dev_path(const char *dev, const char *attribute, char path[VDPA_PATH_SIZE])
{
	snprintf(path, VDPA_PATH_SIZE, VDPA_BUS "/devices/%.255s%s", dev, attribute);
}

static void driver_path(const char *driver, const char *attribute, char path[VDPA_PATH_SIZE])
{
	snprintf(path, VDPA_PATH_SIZE, VDPA_BUS "/drivers/%.64s%s", driver, attribute);
}

/* @code: positive. */
static int not_permitted(struct err *err, const char *path, int code)
{
	err_set_status(err, STATUS_NOT_PERMITTED, code, "write %s: %s", path, err_words(code));
	rights_hint_sysfs(err, "vdpa", code);
	return -code;
}

static int check_writable(const char *path, struct err *err)
{
	return access(path, W_OK) ? not_permitted(err, path, errno) : 0;
}

int bind_check(const char *driver, struct err *err)
{
	char path[VDPA_PATH_SIZE];

	if (!driver)
		return 0;
	driver_path(driver, "/bind", path);
	if (sysfs_exists(path))
		return check_writable(path, err);
	if (sysfs_check(err))
		return -ENOENT;
	err_set_status(err, STATUS_NOT_SUPPORTED, ENOENT,
		       "the kernel has no driver %s: its module is not loaded", driver);
	modules_hint(err, driver, NULL);
	return -ENOENT;
}

bool bind_current(const char *dev, char driver[BIND_DRIVER_SIZE])
{
	char path[VDPA_PATH_SIZE], target[SYSFS_PATH_SIZE];

	dev_path(dev, "/driver", path);
	if (!sysfs_link(path, target))
		return false;
	snprintf(driver, BIND_DRIVER_SIZE, "%s", sysfs_base(target));
	return true;
}

/*
 * Returns 1 with the driver of the device, 0 if it has none, or a negative errno: a link that
 * cannot be read is not one that is absent.
 */
static int read_driver(const char *dev, char driver[BIND_DRIVER_SIZE], struct err *err)
{
	char path[VDPA_PATH_SIZE];

	if (bind_current(dev, driver))
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	dev_path(dev, "/driver", path);
	return sysfs_failed(err, -errno, path);
}

/* Returns whether the device has @driver now; NULL asks whether it has none. */
static bool is_bound(const char *dev, const char *driver)
{
	char current[BIND_DRIVER_SIZE];

	if (!bind_current(dev, current))
		return !driver;
	return driver && str_equal(driver, current);
}

static int check_dev(const char *dev, struct err *err)
{
	if (bus_has(dev))
		return 0;
	if (sysfs_check(err))
		return -ENOENT;
	err_set(err, ENODEV, "there is no such device");
	bus_hint_devices(err, dev);
	return -ENODEV;
}

/* Changing */

static bool is_permission(int code)
{
	return code == EACCES || code == EPERM || code == EROFS;
}

/* Explains the error @ret of a write to an attribute of a driver. */
static int explain_write(const char *driver, const char *attribute, int ret, struct err *err)
{
	char path[VDPA_PATH_SIZE];

	driver_path(driver, attribute, path);
	if (is_permission(-ret))
		return not_permitted(err, path, -ret);
	return err_set(err, -ret, "%s: %s", path, err_words(-ret));
}

static int unbind(const char *dev, const char *driver, struct err *err)
{
	char path[VDPA_PATH_SIZE];
	int ret;

	driver_path(driver, "/unbind", path);
	ret = sysfs_write(path, dev);
	/* ENODEV: somebody else has unbound or deleted it meanwhile. */
	if (!ret || (ret == -ENODEV && !is_bound(dev, driver)))
		return 0;
	return explain_write(driver, "/unbind", ret, err);
}

/* The driver's probe failed. It writes its reason, if any, to the kernel's log only. */
static int refused(const char *driver, int ret, struct err *err)
{
	/* A driver's ENODEV must not end as status 3: the device itself exists. */
	err_set_status(err, STATUS_FAILED, ret == -ENODEV ? ENXIO : -ret,
		       "driver %s refused it: %s", driver, err_words(-ret));
	err_hint(err, "the kernel's log may say why: dmesg | tail");
	return -err->code;
}

/* Reads the driver_override of @dev; empty if there is none. */
static int read_override(const char *dev, char *override, size_t size, struct err *err)
{
	char path[VDPA_PATH_SIZE];
	int ret;

	dev_path(dev, "/driver_override", path);
	ret = sysfs_read(path, override, size);
	if (ret < 0)
		return sysfs_failed(err, ret, path);
	/* The kernel prints its null pointer if no override is set. */
	if (!ret || str_equal(override, "(null)"))
		override[0] = '\0';
	return 0;
}

/*
 * ENODEV from "bind" has three causes: the device is gone, its driver_override names another
 * driver, or the driver's probe failed with ENODEV. We have cleared the override before, but rules
 * of udev or driverctl may set it again while we work.
 */
static int explain_no_device(const char *dev, const char *driver, struct err *err)
{
	char override[256];

	if (check_dev(dev, err))
		return -ENODEV;
	if (read_override(dev, override, sizeof(override), err))
		return -err->code;
	if (!override[0] || str_equal(override, driver))
		return refused(driver, -ENODEV, err);
	err_set_status(err, STATUS_FAILED, ENXIO,
		       "another program has set its driver_override to '%.64s' meanwhile",
		       override);
	err_hint(err, "look for rules of udev or driverctl for this device");
	return -ENXIO;
}

static int bound_by_others(const char *driver, const char *current, struct err *err)
{
	return err_set(err, EBUSY, "another program bound it to %s instead of %s meanwhile",
		       current, driver);
}

static int bind(const char *dev, const char *driver, struct err *err)
{
	char path[VDPA_PATH_SIZE], current[BIND_DRIVER_SIZE];
	int ret;

	driver_path(driver, "/bind", path);
	ret = sysfs_write(path, dev);
	/*
	 * Do not trust the result of the write alone: EBUSY may mean that a rule of udev has bound
	 * the device to the same driver first, and after a success it may be unbound again. What
	 * counts is the driver that it has now.
	 */
	if (is_bound(dev, driver))
		return 0;
	/* The same driver, where the first look failed. */
	if (bind_current(dev, current))
		return str_equal(current, driver) ? 0 : bound_by_others(driver, current, err);
	if (ret == -ENOENT)
		return bind_check(driver, err);
	if (ret && is_permission(-ret))
		return not_permitted(err, path, -ret);
	if (ret == -EBUSY)
		ret = err_set(err, EBUSY, "another program bound it, or unbound it, meanwhile");
	else if (ret == -ENODEV)
		ret = explain_no_device(dev, driver, err);
	else if (ret)
		ret = refused(driver, ret, err);
	else
		ret = err_set(err, EBUSY, "another program unbound it from %s again", driver);
	return ret;
}

int bind_check_override(const char *dev, const char *driver, struct err *err)
{
	char override[256];

	if (!driver)
		return 0;
	if (read_override(dev, override, sizeof(override), err))
		return -err->code;
	if (!override[0] || str_equal(override, driver))
		return 0;
	err_set(err, EBUSY, "its driver_override is '%.64s', which another program has set",
		override);
	err_hint(err, "look for rules of udev or driverctl; 'vdpa dev set ... driver %s' clears it",
		 driver);
	return -EBUSY;
}

/* The state of a device before we changed it, for the rollback. */
struct before {
	char driver[BIND_DRIVER_SIZE]; /* empty: it had none */
	char override[256];	       /* the override that we cleared, or empty */
	struct node_rights rights;     /* of its node; unset if it had none */
};

static int clear_override(const char *dev, const char *driver, struct before *before,
			  struct err *err)
{
	char path[VDPA_PATH_SIZE];
	int ret;

	ret = read_override(dev, before->override, sizeof(before->override), err);
	if (ret)
		return ret;
	if (str_equal(before->override, driver))
		before->override[0] = '\0';
	if (!before->override[0])
		return 0;
	dev_path(dev, "/driver_override", path);
	ret = sysfs_write(path, "\n");
	if (ret && is_permission(-ret))
		return not_permitted(err, path, -ret);
	return ret ? err_set(err, -ret, "%s: %s", path, err_words(-ret)) : 0;
}

/* vhost_vdpa creates a new node each time it binds, with the kernel's default owner and mode. */
static int restore_rights(const char *dev, const struct node_rights *rights, struct err *err)
{
	return node_rights_given(rights) ? node_rights_set(dev, rights, err) : 0;
}

/* Undoes our changes, and appends the result to @err. @driver: the one that we bound it to. */
static void restore(const char *dev, const char *driver, const struct before *before,
		    struct err *err)
{
	char path[VDPA_PATH_SIZE], current[BIND_DRIVER_SIZE];
	struct err why;

	dev_path(dev, "/driver_override", path);
	if (before->override[0])
		sysfs_write(path, before->override);
	if (driver && is_bound(dev, driver))
		unbind(dev, driver, &why);
	/* If another program has bound it meanwhile, leave it alone. */
	if (!before->driver[0] || bind_current(dev, current))
		return;
	if (bind(dev, before->driver, &why) || restore_rights(dev, &before->rights, &why))
		err_append(err, "; and binding it to %s again failed: %.300s", before->driver,
			   why.text);
	else
		err_append(err, "; it is bound to %s again", before->driver);
}

/* A signal during the work is an error like any other: everything that was done is undone. */
static int move(const char *dev, const char *driver, struct err *err)
{
	struct before before = { 0 };
	int bound, ret = check_dev(dev, err);

	if (ret)
		return ret;
	bound = read_driver(dev, before.driver, err);
	if (bound < 0)
		return bound;
	if (bound ? driver && str_equal(driver, before.driver) : !driver)
		return 0;
	ret = bind_check(driver, err);
	if (!ret)
		ret = guard_check(err);
	if (!ret && driver)
		ret = clear_override(dev, driver, &before, err);
	if (!ret)
		node_rights_read(dev, &before.rights);
	if (!ret && bound)
		ret = unbind(dev, before.driver, err);
	if (!ret)
		ret = guard_check(err);
	if (!ret && driver)
		ret = bind(dev, driver, err);
	if (!ret)
		ret = guard_commit(err);
	if (ret)
		restore(dev, driver, &before, err);
	return ret;
}

int bind_set(const char *dev, const char *driver, struct err *err)
{
	int ret;

	guard_hold();
	ret = move(dev, driver, err);
	guard_release();
	return ret;
}
