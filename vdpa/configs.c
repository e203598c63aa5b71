/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "configs.h"

#include "kernel.h"

#include <errno.h>

/* One that the list of the kernel left out. */
static int ask(struct vdpa *vdpa, const char *name, struct list *configs, struct err *err)
{
	int ret = kernel_config(&vdpa->nl, name, configs, err);

	/* Deleted since the devices were listed: nothing is missing. */
	if (ret == -ENODEV)
		return 0;
	if (ret != -EOPNOTSUPP)
		return ret;
	tool_report(&vdpa->app, err);
	return 0;
}

/* The configuration of this device, which is asked for if it is not there; NULL: it has none. */
static int find(struct vdpa *vdpa, const char *name, struct list *configs, size_t *next,
		void **found, struct err *err)
{
	size_t count = configs->count;
	int ret;

	*found = list_find(configs, offsetof(struct config, name), name, next);
	if (*found)
		return 0;
	ret = ask(vdpa, name, configs, err);
	if (configs->count > count)
		*found = configs->items[count];
	return ret;
}

int configs_of_all(struct vdpa *vdpa, struct list *configs, struct err *err)
{
	_cleanup_(list_clear) struct list devs = { 0 };
	_cleanup_free_ void **ordered = NULL;
	size_t next = 0, count = 0;
	int ret;

	ret = kernel_devs(&vdpa->nl, &devs, err);
	if (!ret)
		ret = kernel_configs(&vdpa->nl, configs, err);
	ordered = calloc(devs.count + 1, sizeof(*ordered));
	if (!ret && !ordered)
		ret = err_memory(err);
	for (size_t i = 0; !ret && i < devs.count; i++) {
		const struct dev *dev = devs.items[i];

		ret = find(vdpa, dev->name, configs, &next, &ordered[count], err);
		count += ordered[count] != NULL;
	}
	/* In the order of the devices, and without those that came since these were listed. */
	if (!ret && count)
		memcpy(configs->items, ordered, count * sizeof(*ordered));
	configs->count = ret ? configs->count : count;
	return ret;
}
