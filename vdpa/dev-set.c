/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dev-set.h"

#include "busy.h"
#include "kernel-bind.h"
#include "kernel.h"

static int set_mac(struct vdpa *vdpa, const struct set_args *set, struct err *err)
{
	if (!mac_is_unicast(&set->mac.value))
		return err_usage(err, "mac wants the address of one interface, neither zero nor "
				      "a group's");
	return kernel_dev_set_mac(&vdpa->nl, set->name, &set->mac.value, err);
}

static int set_driver(struct vdpa *vdpa, const struct set_args *set, struct err *err)
{
	int ret = vdpa->app.force ? 0 : busy_check_bind(set->name, set->driver.name, err);

	if (!ret)
		ret = bind_set(set->name, driver_name(&set->driver), err);
	if (ret)
		err_context(err, "bind '%.300s' to %s", set->name, set->driver.name);
	return ret;
}

int dev_set(void *app, const void *args, struct err *err)
{
	const struct set_args *set = args;

	return set->mac.set ? set_mac(app, set, err) : set_driver(app, set, err);
}
