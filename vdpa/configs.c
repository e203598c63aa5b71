/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "configs.h"

#include "kernel.h"

#include <errno.h>

static int keep(struct list *configs, const struct config *config, struct err *err)
{
	size_t name_size = strlen(config->name) + 1;
	struct config *copy = list_new(configs, sizeof(*copy) + name_size);

	if (!copy)
		return err_memory(err);
	*copy = *config;
	copy->name = memcpy(copy + 1, config->name, name_size);
	return 0;
}

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

int configs_of_all(struct vdpa *vdpa, struct list *configs, struct err *err)
{
	_cleanup_(list_clear) struct list devs = { 0 }, dumped = { 0 };
	size_t next = 0;
	int ret;

	ret = kernel_devs(&vdpa->nl, &devs, err);
	if (!ret)
		ret = kernel_configs(&vdpa->nl, &dumped, err);
	for (size_t i = 0; !ret && i < devs.count; i++) {
		const struct dev *dev = devs.items[i];
		const struct config *config =
			list_find(&dumped, offsetof(struct config, name), dev->name, &next);

		ret = config ? keep(configs, config, err) : ask(vdpa, dev->name, configs, err);
	}
	return ret;
}
