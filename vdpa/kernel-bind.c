/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel-bind.h"

#include "modules.h"
#include "rights.h"
#include "sysfs.h"
#include "vdpa-bus.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

#define BUS	  "/sys/bus/vdpa"
#define AUTOPROBE BUS "/drivers_autoprobe"
#define LOCK	  BUS "/drivers_probe"

/* Room for a path with a device's name of 255 bytes in it. */
#define PATH_SIZE 512

static void dev_path(const char *dev, const char *attribute, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, BUS "/devices/%.255s%s", dev, attribute);
}

static void driver_path(const char *driver, const char *attribute, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, BUS "/drivers/%.64s%s", driver, attribute);
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
	char path[PATH_SIZE];

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
	char path[PATH_SIZE], target[SYSFS_PATH_SIZE];

	dev_path(dev, "/driver", path);
	if (!sysfs_link(path, target))
		return false;
	snprintf(driver, BIND_DRIVER_SIZE, "%s", sysfs_base(target));
	return true;
}

/* Whether the device has @driver now, or none for NULL. */
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
	err_hint(err, "'vdpa dev show' lists the devices");
	return -ENODEV;
}

/* Changing */

static bool is_permission(int code)
{
	return code == EACCES || code == EPERM || code == EROFS;
}

/* Writes to an attribute of a driver. @ret: of that. */
static int explain_write(const char *driver, const char *attribute, int ret, struct err *err)
{
	char path[PATH_SIZE];

	driver_path(driver, attribute, path);
	if (is_permission(-ret))
		return not_permitted(err, path, -ret);
	return err_set(err, -ret, "%s: %s", path, err_words(-ret));
}

static int unbind(const char *dev, const char *driver, struct err *err)
{
	char path[PATH_SIZE];
	int ret;

	driver_path(driver, "/unbind", path);
	ret = sysfs_write(path, dev);
	/* Somebody else was quicker. */
	if (!ret || ret == -ENODEV)
		return 0;
	return explain_write(driver, "/unbind", ret, err);
}

/* What the driver's own probe says comes with a bare errno. */
static int refused(const char *driver, int ret, struct err *err)
{
	err_set(err, -ret, "driver %s does not take it: %s", driver, err_words(-ret));
	err_hint(err, "the kernel's log may say why: dmesg | tail");
	return ret;
}

static int bound_by_others(const char *driver, const char *current, struct err *err)
{
	return err_set(err, EBUSY, "another program bound it to %s instead of %s meanwhile",
		       current, driver);
}

static int bind(const char *dev, const char *driver, struct err *err)
{
	char path[PATH_SIZE], current[BIND_DRIVER_SIZE];
	int ret;

	driver_path(driver, "/bind", path);
	ret = sysfs_write(path, dev);
	if (is_bound(dev, driver))
		return 0;
	if (bind_current(dev, current))
		return bound_by_others(driver, current, err);
	if (ret == -ENOENT)
		return bind_check(driver, err);
	if (ret && is_permission(-ret))
		return not_permitted(err, path, -ret);
	if (ret == -EBUSY)
		ret = err_set(err, EBUSY, "another program bound it, or unbound it, meanwhile");
	else if (ret == -ENODEV)
		ret = check_dev(dev, err) ? -ENODEV : refused(driver, ret, err);
	else if (ret)
		refused(driver, ret, err);
	else
		ret = err_set(err, EBUSY, "another program took it from %s again", driver);
	return ret;
}

/* What a device had before, to be restored. */
struct before {
	char driver[BIND_DRIVER_SIZE]; /* or empty */
	char override[256];	       /* that was cleared, or empty */
};

static int clear_override(const char *dev, const char *driver, struct before *before,
			  struct err *err)
{
	char path[PATH_SIZE];
	int ret;

	dev_path(dev, "/driver_override", path);
	if (!sysfs_read(path, before->override, sizeof(before->override)) ||
	    str_equal(before->override, "(null)") || str_equal(before->override, driver))
		before->override[0] = '\0';
	if (!before->override[0])
		return 0;
	ret = sysfs_write(path, "\n");
	if (ret && is_permission(-ret))
		return not_permitted(err, path, -ret);
	return ret ? err_set(err, -ret, "%s: %s", path, err_words(-ret)) : 0;
}

/* Restores what there was, and says so behind what went wrong. */
static void restore(const char *dev, const struct before *before, struct err *err)
{
	char path[PATH_SIZE], current[BIND_DRIVER_SIZE];
	size_t length = strlen(err->text);
	struct err why;

	dev_path(dev, "/driver_override", path);
	if (before->override[0])
		sysfs_write(path, before->override);
	/* What others bound meanwhile is theirs. */
	if (!before->driver[0] || bind_current(dev, current))
		return;
	if (bind(dev, before->driver, &why))
		snprintf(err->text + length, sizeof(err->text) - length,
			 "; and %s did not take it back: %.300s", before->driver, why.text);
	else
		snprintf(err->text + length, sizeof(err->text) - length, "; %s has it again",
			 before->driver);
}

int bind_set(const char *dev, const char *driver, struct err *err)
{
	struct before before = { 0 };
	int ret = check_dev(dev, err);

	if (!ret && is_bound(dev, driver))
		return 0;
	if (!ret)
		ret = bind_check(driver, err);
	if (!ret && driver)
		ret = clear_override(dev, driver, &before, err);
	if (!ret && bind_current(dev, before.driver))
		ret = unbind(dev, before.driver, err);
	if (!ret && driver)
		ret = bind(dev, driver, err);
	if (ret)
		restore(dev, &before, err);
	return ret;
}

/* Holding */

/* The kernel's switch as it was, for a signal's handler. */
static volatile sig_atomic_t must_restore;

static void restore_autoprobe(void)
{
	int fd = open(AUTOPROBE, O_WRONLY | O_CLOEXEC);

	must_restore = 0;
	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		must_restore = 1;
	close(fd);
}

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static void (*handlers[ARRAY_SIZE(signals)])(int);

static void on_signal(int number)
{
	if (must_restore)
		restore_autoprobe();
	signal(number, SIG_DFL);
	raise(number);
}

/* Those that the caller has us ignore do not end us, and so need nothing. */
static void take_signals(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		handlers[i] = signal(signals[i], on_signal);
		if (handlers[i] == SIG_IGN)
			signal(signals[i], SIG_IGN);
	}
}

static void give_signals_back(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], handlers[i]);
}

static int count_other(void *data, const char *name)
{
	const char *driver = data;

	return !driver || !str_equal(driver, name);
}

int bind_hold(const char *driver, struct bind_hold *hold, struct err *err)
{
	int ret;

	*hold = (struct bind_hold){ .lock = -1 };
	/* Nobody else is there to take it. */
	if (!sysfs_each(BUS "/drivers", count_other, (void *)driver))
		return 0;
	/* Two who hold at once would take each other's "off" for what was there before. */
	hold->lock = sysfs_lock(LOCK, false);
	if (!sysfs_is(AUTOPROBE, '1'))
		return 0;
	ret = check_writable(AUTOPROBE, err);
	if (ret)
		return ret;
	must_restore = 1;
	take_signals();
	hold->off = true;
	ret = sysfs_write(AUTOPROBE, "0");
	return ret ? not_permitted(err, AUTOPROBE, -ret) : 0;
}

void bind_share(struct bind_hold *hold)
{
	*hold = (struct bind_hold){ .lock = sysfs_lock(LOCK, true) };
}

void bind_release(struct bind_hold *hold)
{
	if (hold->off) {
		restore_autoprobe();
		give_signals_back();
	}
	if (hold->lock >= 0)
		close(hold->lock);
	*hold = (struct bind_hold){ .lock = -1 };
}
