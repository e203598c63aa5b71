/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests to the vdpa bus: attach, detach, bind, unbind, and facts about attached devices. */
#include "kernel.h"

#include "abi/vdpa.h"
#include "abi/vduse.h"
#include "base/list.h"
#include "explain.h"
#include "sys/modules.h"
#include "sys/nl.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdio.h>

/* Room for one request, with the alignment of its header. */
#define REQUEST(buffer) char buffer[NL_REQUEST_SIZE] __attribute__((aligned(8)))

/*
 * Begins a request about the device @name, or about none. Each request runs in a worker process,
 * which inherits no socket, so each opens its own.
 */
static struct nlmsghdr *begin(struct nl *nl, void *buffer, uint8_t command, const char *name)
{
	struct nlmsghdr *request;

	nl_init(nl, VDPA_GENL_NAME, VDPA_GENL_VERSION);
	request = nl_request(nl, buffer, command);
	if (name)
		mnl_attr_put_strz(request, VDPA_ATTR_DEV_NAME, name);
	return request;
}

/*
 * The vDPA device gets the name of its VDUSE device, which must exist and be set up: if one of its
 * queues has no size, the kernel answers EINVAL without a word.
 */
int kernel_attach(const char *name, struct err *err)
{
	_cleanup_(nl_release) struct nl nl;
	struct nlmsghdr *request;
	REQUEST(buffer);

	request = begin(&nl, buffer, VDPA_CMD_DEV_NEW, name);
	mnl_attr_put_strz(request, VDPA_ATTR_MGMTDEV_DEV_NAME, VDUSE_MGMTDEV);
	return nl_do(&nl, request, NULL, NULL, err) ? explain_bus(err, name, "attach") : 0;
}

static int delete_dev(const char *name, struct err *err)
{
	_cleanup_(nl_release) struct nl nl;
	REQUEST(buffer);

	return nl_do(&nl, begin(&nl, buffer, VDPA_CMD_DEV_DEL, name), NULL, NULL, err);
}

int kernel_detach(const char *name, struct err *err)
{
	return delete_dev(name, err) ? explain_bus(err, name, "detach") : 0;
}

/*
 * Asks the kernel to delete a device that cannot exist: it replaces each '/' in a name by '!', so
 * that no device has the name "/". Rights, family and lock are checked before it looks, so ENODEV
 * means that a real request would work.
 */
int kernel_check_bus(const char *name, struct err *err)
{
	const int ret = delete_dev("/", err);

	return ret && ret != -ENODEV ? explain_bus(err, name, "detach") : 0;
}

bool kernel_driver(const char *name, char driver[DRIVER_SIZE])
{
	char path[512], target[SYSFS_PATH_SIZE];

	snprintf(path, sizeof(path), VDPA_BUS "/devices/%.300s/driver", name);
	if (!sysfs_link(path, target))
		return false;
	snprintf(driver, DRIVER_SIZE, "%s", sysfs_base(target));
	return true;
}

/* vDPA devices have no modalias, so neither the kernel nor udev loads a driver for them. */
int kernel_check_driver(const char *name, const char *driver, struct err *err)
{
	char path[512];

	snprintf(path, sizeof(path), VDPA_BUS "/drivers/%s", driver);
	if (sysfs_exists(path))
		return 0;
	err_set_status(err, STATUS_NOT_SUPPORTED, ENOENT,
		       "attach '%.300s': the kernel has no driver %s: its module is not loaded",
		       name, driver);
	err_hint(err, "modprobe %s", driver);
	return -ENOENT;
}

/*
 * The result of the write is not what counts: another process may have bound or unbound the device
 * at the same moment. So look at which driver it has now.
 */
int kernel_bind(const char *name, const char *driver, struct err *err)
{
	char path[512], current[DRIVER_SIZE];
	int ret;

	snprintf(path, sizeof(path), VDPA_BUS "/drivers/%s/bind", driver);
	ret = sysfs_write(path, name);
	if (kernel_driver(name, current) && str_equal(current, driver))
		return 0;
	if (!ret)
		ret = -EBUSY;
	return err_set(err, -ret, "attach '%.300s': bind it to %s: %s", name, driver,
		       err_words(-ret));
}

int kernel_unbind(const char *name, const char *driver, struct err *err)
{
	char path[512];
	int ret;

	snprintf(path, sizeof(path), VDPA_BUS "/drivers/%.300s/unbind", driver);
	ret = sysfs_write(path, name);
	/* ENODEV: it is not bound any more. */
	if (!ret || ret == -ENODEV)
		return 0;
	err_set(err, -ret, "unbind '%.300s' from %s: %s", name, driver, err_words(-ret));
	if (ret == -EROFS)
		err_hint(err, "mount -o remount,rw /sys");
	return ret;
}

int kernel_find_mgmtdev(struct err *err)
{
	_cleanup_(nl_release) struct nl nl;
	struct nlmsghdr *request;
	REQUEST(buffer);

	request = begin(&nl, buffer, VDPA_CMD_MGMTDEV_GET, NULL);
	mnl_attr_put_strz(request, VDPA_ATTR_MGMTDEV_DEV_NAME, VDUSE_MGMTDEV);
	if (!nl_do(&nl, request, NULL, NULL, err))
		return 0;
	explain_bus(err, VDUSE_MGMTDEV, "look up");
	if (err->code == ENODEV)
		modules_hint(err, "vduse", "CONFIG_VDPA_USER");
	return -err->code;
}

/* Facts about attached devices */

struct bus_message {
	const char *name, *mgmtdev;
	uint32_t type, max_vqs;
};

enum bus_message_present {
	BUS_HAS_TYPE = 1,
	BUS_HAS_MAX_VQS,
};

static const struct nl_attribute bus_attributes[] = {
	NL_ATTRIBUTE(struct bus_message, mgmtdev, VDPA_ATTR_MGMTDEV_DEV_NAME, HAS_ALWAYS),
	NL_ATTRIBUTE(struct bus_message, name, VDPA_ATTR_DEV_NAME, HAS_ALWAYS),
	NL_ATTRIBUTE(struct bus_message, type, VDPA_ATTR_DEV_ID, BUS_HAS_TYPE),
	NL_ATTRIBUTE(struct bus_message, max_vqs, VDPA_ATTR_DEV_MAX_VQS, BUS_HAS_MAX_VQS),
};

struct answers {
	const struct list *devs;
	struct bus_facts *facts;
	size_t next; /* where to begin the search: the lists have almost the same order */
};

static int find_dev(const struct answers *answers, const char *name)
{
	for (size_t i = 0; i < answers->devs->count; i++) {
		size_t index = (answers->next + i) % answers->devs->count;
		const struct dev *dev = answers->devs->items[index];

		if (str_equal(dev->name, name))
			return index;
	}
	return -1;
}

static int take_bus_dev(const struct nlmsghdr *message, void *data, struct err *err)
{
	struct answers *answers = data;
	struct bus_message taken = { 0 };
	uint32_t present = 0;
	int index, ret;

	ret = nl_decode(message, bus_attributes, ARRAY_SIZE(bus_attributes), &taken, &present, err);
	if (ret || !taken.name || !taken.mgmtdev || !str_equal(taken.mgmtdev, VDUSE_MGMTDEV) ||
	    !(present & BIT64(BUS_HAS_TYPE)) || !(present & BIT64(BUS_HAS_MAX_VQS)))
		return ret;
	index = find_dev(answers, taken.name);
	if (index < 0)
		return 0;
	answers->facts[index] =
		(struct bus_facts){ .known = true, .type = taken.type, .vqs = taken.max_vqs };
	answers->next = index + 1;
	return 0;
}

/* When the dump starts anew, the facts so far stay right, and are overwritten. */
static void restart(void *data _unused_)
{
}

int kernel_bus_facts(const struct list *devs, struct bus_facts *facts, struct err *err)
{
	struct answers answers = { .devs = devs, .facts = facts };
	_cleanup_(nl_release) struct nl nl;
	const struct dev *only = devs->count == 1 ? devs->items[0] : NULL;
	struct nlmsghdr *request;
	REQUEST(buffer);

	request = begin(&nl, buffer, VDPA_CMD_DEV_GET, only ? only->name : NULL);
	return only ? nl_do(&nl, request, take_bus_dev, &answers, err)
		    : nl_dump(&nl, request, take_bus_dev, restart, &answers, err);
}
