/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests and answers about devices and management devices. */
#include "kernel.h"

#include "abi/vdpa.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/mac.h"
#include "bus/vdpa-bus.h"
#include "explain.h"
#include "sys/guard.h"
#include "vdpa/model/settings.h"
#include "virtio/features.h"
#include "wire.h"

#include <errno.h>
#include <libmnl/libmnl.h>

/* After an answer, the bus counts as free for this long, and nobody asks again: ms. */
#define TURN_LASTS 100

/*
 * A request without a bus matches only management devices that have none, such as vduse. A PCI
 * function that is named without its bus is ENODEV, so handle_parse() adds "pci" to an address.
 */
static void put_handle(struct nlmsghdr *request, const struct handle *handle)
{
	if (handle->bus[0])
		mnl_attr_put_strz(request, VDPA_ATTR_MGMTDEV_BUS_NAME, handle->bus);
	mnl_attr_put_strz(request, VDPA_ATTR_MGMTDEV_DEV_NAME, handle_name(handle));
}

/* Returns the size of "BUS/NAME" with the terminating NUL. */
static size_t handle_size(const char *bus, const char *name)
{
	return (bus ? strlen(bus) + 1 : 0) + strlen(name) + 1;
}

static void put_text(char *text, const char *bus, const char *name)
{
	if (bus)
		text = stpcpy(stpcpy(text, bus), "/");
	strcpy(text, name);
}

/* Management devices */

/* A decoded message: the names point into it, and are copied by wire_take_mgmtdev(). */
struct mgmtdev_message {
	struct mgmtdev mgmtdev;
	const char *bus, *name;
};

static const struct nl_attribute mgmtdev_attributes[] = {
	NL_ATTRIBUTE(struct mgmtdev_message, bus, VDPA_ATTR_MGMTDEV_BUS_NAME, HAS_ALWAYS),
	NL_ATTRIBUTE(struct mgmtdev_message, name, VDPA_ATTR_MGMTDEV_DEV_NAME, HAS_ALWAYS),
	NL_ATTRIBUTE(struct mgmtdev_message, mgmtdev.classes.bits,
		     VDPA_ATTR_MGMTDEV_SUPPORTED_CLASSES, MGMTDEV_HAS_CLASSES),
	NL_ATTRIBUTE(struct mgmtdev_message, mgmtdev.max_vqs, VDPA_ATTR_DEV_MGMTDEV_MAX_VQS,
		     MGMTDEV_HAS_MAX_VQS),
	NL_ATTRIBUTE(struct mgmtdev_message, mgmtdev.features.bits,
		     VDPA_ATTR_DEV_SUPPORTED_FEATURES, MGMTDEV_HAS_FEATURES),
};

int wire_take_mgmtdev(const struct nlmsghdr *message, void *data, struct err *err)
{
	struct mgmtdev_message taken = { .mgmtdev = { .present = BIT64(HAS_ALWAYS) } };
	struct mgmtdev *mgmtdev;
	int ret;

	ret = nl_decode(message, mgmtdev_attributes, ARRAY_SIZE(mgmtdev_attributes), &taken,
			&taken.mgmtdev.present, err);
	if (ret)
		return ret;
	if (!taken.name)
		return wire_incomplete(err, "a management device's name");
	taken.mgmtdev.features.type = class_set_names(&taken.mgmtdev.classes);

	mgmtdev = list_new(data, sizeof(*mgmtdev) + handle_size(taken.bus, taken.name));
	if (!mgmtdev)
		return err_memory(err);
	*mgmtdev = taken.mgmtdev;
	mgmtdev->name = (char *)(mgmtdev + 1);
	put_text((char *)(mgmtdev + 1), taken.bus, taken.name);
	return 0;
}

int kernel_mgmtdev(struct nl *nl, const struct handle *handle, struct list *list, struct err *err)
{
	REQUEST(buffer);
	struct nlmsghdr *request = nl_request(nl, buffer, VDPA_CMD_MGMTDEV_GET);

	put_handle(request, handle);
	if (!nl_do(nl, request, wire_take_mgmtdev, list, err))
		return 0;
	return explain_mgmtdev(err, handle);
}

/* Devices */

/* A decoded message: the names point into it, and are copied by add_dev(). */
struct dev_message {
	struct dev dev;
	const char *bus, *mgmtdev, *name;
};

static const struct nl_attribute dev_attributes[] = {
	NL_ATTRIBUTE(struct dev_message, bus, VDPA_ATTR_MGMTDEV_BUS_NAME, HAS_ALWAYS),
	NL_ATTRIBUTE(struct dev_message, mgmtdev, VDPA_ATTR_MGMTDEV_DEV_NAME, DEV_HAS_MGMTDEV),
	NL_ATTRIBUTE(struct dev_message, name, VDPA_ATTR_DEV_NAME, HAS_ALWAYS),
	NL_ATTRIBUTE(struct dev_message, dev.type.id, VDPA_ATTR_DEV_ID, DEV_HAS_TYPE),
	NL_ATTRIBUTE(struct dev_message, dev.vendor_id, VDPA_ATTR_DEV_VENDOR_ID, DEV_HAS_VENDOR_ID),
	NL_ATTRIBUTE(struct dev_message, dev.max_vqs, VDPA_ATTR_DEV_MAX_VQS, DEV_HAS_MAX_VQS),
	NL_ATTRIBUTE(struct dev_message, dev.max_vq_size, VDPA_ATTR_DEV_MAX_VQ_SIZE,
		     DEV_HAS_MAX_VQ_SIZE),
	NL_ATTRIBUTE(struct dev_message, dev.min_vq_size, VDPA_ATTR_DEV_MIN_VQ_SIZE,
		     DEV_HAS_MIN_VQ_SIZE),
};

static int add_dev(struct list *list, const struct dev_message *taken, struct err *err)
{
	size_t name_size = strlen(taken->name) + 1;
	struct dev *dev =
		list_new(list, sizeof(*dev) + name_size + handle_size(taken->bus, taken->mgmtdev));
	char *names = (char *)(dev + 1);

	if (!dev)
		return err_memory(err);
	*dev = taken->dev;
	dev->name = memcpy(names, taken->name, name_size);
	dev->mgmtdev = names + name_size;
	put_text(names + name_size, taken->bus, taken->mgmtdev);
	return 0;
}

int wire_take_dev(const struct nlmsghdr *message, void *data, struct err *err)
{
	struct dev_message taken = { .dev = { .present = BIT64(HAS_ALWAYS) } };
	uint32_t *present = &taken.dev.present;
	int ret;

	ret = nl_decode(message, dev_attributes, ARRAY_SIZE(dev_attributes), &taken, present, err);
	if (ret)
		return ret;
	if (!taken.name || !taken.mgmtdev)
		return wire_incomplete(err, "a device's name or its management device");
	if (!(*present & BIT64(DEV_HAS_TYPE)))
		return wire_incomplete(err, "a device's type");
	if ((*present & BIT64(DEV_HAS_MIN_VQ_SIZE)) && taken.dev.min_vq_size > 1)
		*present ^= BIT64(DEV_HAS_MIN_VQ_SIZE) | BIT64(DEV_HAS_MIN_VQ_SIZE_LIMIT);
	return add_dev(data, &taken, err);
}

int kernel_dev(struct nl *nl, const char *name, struct list *list, struct err *err)
{
	REQUEST(buffer);
	struct nlmsghdr *request = wire_dev_request(nl, buffer, VDPA_CMD_DEV_GET, name);
	int ret = nl_do(nl, request, wire_take_dev, list, err);

	if (!ret && !str_equal(((const struct dev *)list->items[list->count - 1])->name, name))
		ret = err_set(err, EBADMSG,
			      "the kernel's answer is malformed: it describes another device");
	return ret ? explain_dev(err, name, "show") : 0;
}

static int take_nothing(const struct nlmsghdr *message _unused_, void *data _unused_,
			struct err *err _unused_)
{
	return 0;
}

int kernel_await_turn(struct nl *nl, struct err *err)
{
	REQUEST(buffer);
	int ret;

	ret = nl_do(nl, nl_request(nl, buffer, VDPA_CMD_MGMTDEV_GET), take_nothing, NULL, err);
	/* The refusal that every kernel gives when the name is missing: it was our turn. */
	return ret == -EINVAL ? 0 : ret;
}

static int change(struct nl *nl, struct nlmsghdr *request, struct err *err)
{
	int ret = 0;

	/* A kernel that has just answered is not stuck: a batch need not ask before each line. */
	if (!nl->answered || clock_milliseconds() - nl->answered >= TURN_LASTS)
		ret = kernel_await_turn(nl, err);

	/* The user may have pressed Ctrl-C while we waited: then nothing must be changed. */
	if (!ret)
		ret = guard_check(err);
	return ret ? ret : nl_do(nl, request, NULL, NULL, err);
}

int kernel_check_dev_new(struct nl *nl, const struct dev_new *dev, struct err *err)
{
	uint64_t known = ~0ULL;
	int ret;

	if (!settings_given(dev))
		return 0;
	ret = nl_has_command(nl, VDPA_CMD_DEV_CONFIG_GET, err);
	if (ret < 0)
		return explain_add(err, dev, NULL);
	/*
	 * Kernels before 6.1 skip attributes that they do not know and report success. The first
	 * settings came with this command in Linux 5.17, so a kernel without it knows none of them.
	 */
	if (!ret)
		known = 0;
	/* The vdpa family reports one more than its highest attribute as its maximum. */
	else if (nl->max_attribute && nl->max_attribute < 64)
		known = BIT64(nl->max_attribute) - 1;
	return explain_ignored(err, dev, known);
}

/*
 * The kernel checks the size of each value, and refuses any setting that the driver does not
 * support. So send only those that were asked for, and no defaults.
 */
static void put_dev_new(struct nlmsghdr *request, const struct dev_new *dev)
{
	put_handle(request, &dev->mgmtdev.value);
	for (const struct setting *setting = settings; setting->word; setting++)
		if (setting_is_given(setting, dev))
			mnl_attr_put(request, setting->attribute, setting->size,
				     setting_value(setting, dev));
}

/*
 * Returns whether something else owns the sysfs directory of the new device. A device that others
 * are deleting leaves the bus a moment before its directory vanishes, so that a directory may still
 * be there. The deletion holds the family's lock: after our turn, only a permanent one remains.
 */
static bool is_taken(struct nl *nl, const struct dev_new *dev)
{
	const struct handle *mgmtdev = &dev->mgmtdev.value;
	const ino_t directory = bus_directory(mgmtdev->bus, handle_name(mgmtdev), dev->name);
	struct err ignored;

	if (!directory || kernel_await_turn(nl, &ignored))
		return false;
	return bus_directory(mgmtdev->bus, handle_name(mgmtdev), dev->name) == directory;
}

/*
 * Drivers of cards refuse with a bare errno. Read the limits of their management device, so that
 * the message can name the one that was exceeded.
 */
static int explain_refusal(struct nl *nl, const struct dev_new *dev, struct err *err)
{
	const struct handle *mgmtdev = &dev->mgmtdev.value;
	_cleanup_(list_clear) struct list list = { 0 };
	struct err ignored;

	if (mgmtdev->bus[0])
		kernel_mgmtdev(nl, mgmtdev, &list, &ignored);
	if (err->code == EEXIST && is_taken(nl, dev))
		bus_explain_taken(err, mgmtdev->bus, handle_name(mgmtdev), dev->name);
	return explain_add(err, dev, list.count ? list.items[0] : NULL);
}

int kernel_dev_add(struct nl *nl, const struct dev_new *dev, struct err *err)
{
	REQUEST(buffer);
	struct nlmsghdr *request = wire_dev_request(nl, buffer, VDPA_CMD_DEV_NEW, dev->name);

	put_dev_new(request, dev);
	if (!change(nl, request, err))
		return 0;
	return explain_refusal(nl, dev, err);
}

int kernel_dev_del(struct nl *nl, const char *name, struct err *err)
{
	REQUEST(buffer);

	if (!change(nl, wire_dev_request(nl, buffer, VDPA_CMD_DEV_DEL, name), err))
		return 0;
	return explain_dev(err, name, "delete");
}

int kernel_dev_undo(struct nl *nl, const char *name, struct err *err)
{
	REQUEST(buffer);

	if (!nl_do(nl, wire_dev_request(nl, buffer, VDPA_CMD_DEV_DEL, name), NULL, NULL, err))
		return 0;
	return explain_dev(err, name, "delete");
}

/* Changing a device */

static int check_mac(struct nl *nl, const char *name, const struct mac *mac, bool *unseen,
		     struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	int ret = kernel_config(nl, name, &list, err);
	const struct config *config;

	if (ret)
		return ret;
	config = list.items[0];
	*unseen = !(config->present & BIT64(CONFIG_HAS_MAC));
	if (*unseen)
		return 0;
	if (memcmp(&config->mac, mac, sizeof(*mac)))
		return err_set(err, EOPNOTSUPP,
			       "set the MAC address of '%s': the kernel reported success, but the "
			       "address is unchanged",
			       name);
	return 0;
}

int kernel_dev_set_mac(struct nl *nl, const char *name, const struct mac *mac, bool *unseen,
		       struct err *err)
{
	REQUEST(buffer);
	struct nlmsghdr *request = wire_dev_request(nl, buffer, VDPA_CMD_DEV_ATTR_SET, name);
	int ret;

	ret = nl_has_command(nl, VDPA_CMD_DEV_ATTR_SET, err);
	if (ret < 0)
		return explain_dev(err, name, "set the MAC address of");
	if (!ret) {
		_cleanup_(list_clear) struct list list = { 0 };

		/* If there is no such device, do not blame the kernel's age. */
		ret = kernel_dev(nl, name, &list, err);
		return ret ? ret : explain_no_attr_set(err, name);
	}
	mnl_attr_put(request, VDPA_ATTR_DEV_NET_CFG_MACADDR, sizeof(*mac), mac);
	if (change(nl, request, err))
		return explain_dev(err, name, "set the MAC address of");
	/*
	 * For a device that is no network device, the kernel forgets the errno: it acknowledges the
	 * request, and only the message in the acknowledgement says that nothing was set.
	 */
	if (nl->message[0]) {
		err_set(err, EOPNOTSUPP, "%s", nl->message);
		return explain_dev(err, name, "set the MAC address of");
	}
	return check_mac(nl, name, mac, unseen, err);
}
