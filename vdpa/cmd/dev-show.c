/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa dev show". */
#include "dev-show.h"

#include "base/list.h"
#include "bus/vdpa-bus.h"
#include "sys/sysfs.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/kernel/topology.h"
#include "vdpa/view.h"

#include <errno.h>
#include <stdio.h>

static bool has_driver(const struct dev *dev, const char *driver)
{
	return str_equal(dev->topology.driver ? dev->topology.driver : DRIVER_NONE, driver);
}

/* Returns the first filter that the device does not pass, in words, or NULL. */
static const char *failed_filter(const struct show_args *show, const struct dev *dev)
{
	if (show->mgmtdev.set && !handle_matches(&show->mgmtdev.value, dev->mgmtdev))
		return "management device";
	if (show->type.set && show->type.id != dev->type.id)
		return "type";
	return show->driver.name && !has_driver(dev, show->driver.name) ? "driver" : NULL;
}

static int print(struct vdpa *vdpa, const struct show_args *show, const struct list *list,
		 struct err *err)
{
	struct out out;

	tool_out(&vdpa->app, &out, "dev", OUT_NAMED);
	for (size_t i = 0; i < list->count; i++) {
		const struct dev *dev = list->items[i];

		if (!failed_filter(show, dev))
			out_row(&out, dev->name, dev_fields, dev, dev->present);
	}
	return out_close(&out, err);
}

/* If no device is listed, check that the name of the management device is not a typing error. */
static int check_mgmtdev(struct vdpa *vdpa, const struct show_args *show, const struct list *list,
			 struct err *err)
{
	_cleanup_(list_clear) struct list mgmtdevs = { 0 };

	if (!show->mgmtdev.set)
		return 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct dev *dev = list->items[i];

		if (handle_matches(&show->mgmtdev.value, dev->mgmtdev))
			return 0;
	}
	return kernel_mgmtdev(&vdpa->session.nl, &show->mgmtdev.value, &mgmtdevs, err);
}

static int check_one(const struct show_args *show, const struct dev *dev, struct err *err)
{
	const char *filter = failed_filter(show, dev);

	if (!filter)
		return 0;
	return err_set(err, ENODEV, "show '%s': it has another %s", dev->name, filter);
}

/* Unmanaged devices */

/* Only a device that is bound to virtio_vdpa shows its type in sysfs: on its virtio device. */
static void read_type(struct dev *dev)
{
	char path[128], text[32];
	uint64_t id;

	if (!dev->topology.virtio)
		return;
	snprintf(path, sizeof(path), "/sys/bus/virtio/devices/%.64s/device", dev->topology.virtio);
	if (sysfs_read(path, text, sizeof(text)) <= 0 || num_parse(text, 1, UINT32_MAX, &id))
		return;
	dev->type.id = id;
	dev->present |= BIT64(DEV_HAS_TYPE);
}

static struct dev *add_unmanaged(struct list *list, const char *name)
{
	struct dev *dev = list_new(list, sizeof(*dev));

	if (!dev)
		return NULL;
	*dev = (struct dev){ .name = list_text(list, name),
			     .mgmtdev = "",
			     .present = BIT64(HAS_ALWAYS) };
	return dev->name ? dev : NULL;
}

/*
 * A few drivers, such as eni_vdpa, create their device without a management device. The netlink
 * family hides such a device from every dump and refuses requests about it, although other devices
 * of the host work as usual. Show it with what sysfs knows, so that nobody has to wonder.
 */
static int read_unmanaged(const struct list *names, bool details, struct list *list,
			  struct err *err)
{
	_cleanup_(topology_release) struct list read = { 0 };
	int ret;

	for (size_t i = 0; i < names->count; i++)
		if (!add_unmanaged(&read, names->items[i]))
			return err_memory(err);
	ret = topology_read(&read, TOPOLOGY_ENDPOINTS, err);
	for (size_t i = 0; !ret && i < read.count; i++) {
		struct dev *from = read.items[i], *dev = add_unmanaged(list, from->name);

		if (!dev)
			return err_memory(err);
		read_type(from);
		dev->type = from->type;
		dev->present |= from->present & BIT64(DEV_HAS_TYPE);
		if (details || !from->topology.driver)
			continue;
		dev->topology.driver = list_text(list, from->topology.driver);
		if (!dev->topology.driver)
			return err_memory(err);
		dev->present |= BIT64(DEV_HAS_SOLE_DRIVER);
	}
	return ret;
}

static void warn_unmanaged(struct vdpa *vdpa, const struct show_args *show, const struct list *list)
{
	const char *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct dev *dev = list->items[i];

		if (*dev->mgmtdev || failed_filter(show, dev))
			continue;
		first = first ? first : dev->name;
		count++;
	}
	if (count)
		tool_warn(&vdpa->app,
			  "show '%.300s'%s: no management device created it, so only sysfs "
			  "describes it",
			  first, count > 1 ? " and others" : "");
}

/* Reads details, but only for devices that will be shown. */
static int read_links(struct vdpa *vdpa, const struct show_args *show, struct list *list,
		      struct err *err)
{
	int ret = show->driver.name ? topology_read(list, TOPOLOGY_DRIVERS, err) : 0;
	size_t kept = 0;

	if (ret || !vdpa->app.out.details)
		return ret;
	for (size_t i = 0; !show->name && i < list->count; i++)
		if (!failed_filter(show, list->items[i]))
			list->items[kept++] = list->items[i];
	list->count = show->name ? list->count : kept;
	return topology_read(list, TOPOLOGY_ALL, err);
}

/* EINVAL for a device on the bus means that no management device created it. */
static int list_one(struct vdpa *vdpa, const char *name, struct list *list, struct list *unmanaged,
		    struct err *err)
{
	int ret = kernel_dev(&vdpa->session.nl, name, list, err);
	size_t size = strlen(name) + 1;
	char *copy;

	if (ret != -EINVAL || !bus_has(name))
		return ret;
	copy = list_new(unmanaged, size);
	if (!copy)
		return err_memory(err);
	memcpy(copy, name, size);
	return 0;
}

static int list_devs(struct vdpa *vdpa, const struct show_args *show, struct list *list,
		     struct err *err)
{
	_cleanup_(list_clear) struct list unmanaged = { 0 };
	int ret;

	ret = show->name ? list_one(vdpa, show->name, list, &unmanaged, err)
			 : kernel_devs_all(&vdpa->session.nl, list, &unmanaged, err);
	if (!ret && unmanaged.count)
		ret = read_unmanaged(&unmanaged, vdpa->app.out.details, list, err);
	return ret;
}

int dev_show(void *app, const void *args, struct err *err)
{
	const struct show_args *show = args;
	_cleanup_(topology_release) struct list list = { 0 };
	struct vdpa *vdpa = app;
	int ret = list_devs(vdpa, show, &list, err);

	if (!ret && !show->name)
		ret = check_mgmtdev(vdpa, show, &list, err);
	if (!ret)
		ret = read_links(vdpa, show, &list, err);
	if (!ret && show->name)
		ret = check_one(show, list.items[0], err);
	if (ret)
		return ret;
	warn_unmanaged(vdpa, show, &list);
	return print(vdpa, show, &list, err);
}
