/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets the MAC address or the driver of a device. */
#include "dev-set.h"

#include "base/mac.h"
#include "bus/vdpa-node.h"
#include "precheck.h"
#include "vdpa/kernel/bind.h"
#include "vdpa/kernel/kernel.h"

/* The kernel sets any address. A zero or group address would only break the guest later. */
static int set_mac(struct session *session, const struct set_args *set, struct err *err)
{
	bool unseen;
	int ret;

	if (!mac_is_unicast(&set->mac.value))
		return err_usage(err, "mac must be a unicast address, and not zero");
	ret = kernel_dev_set_mac(&session->nl, set->name, &set->mac.value, &unseen, err);
	if (!ret && unseen)
		caller_warn(
			session->caller,
			"set '%.300s': the kernel accepted the MAC address, but the device does "
			"not offer feature MAC, so no driver reads it",
			set->name);
	return ret;
}

static int set_driver(struct session *session, const struct set_args *set, struct err *err)
{
	int ret = session->caller->force ? 0 : precheck_bind(set->name, set->driver.name, err);

	if (!ret)
		ret = bind_set(set->name, driver_name(&set->driver), err);
	if (ret)
		err_context(err, "bind '%.300s' to %s", set->name, set->driver.name);
	else
		node_link_or_warn(set->name, session->caller);
	return ret;
}

int dev_set(struct session *session, const struct set_args *set, struct err *err)
{
	return set->mac.set ? set_mac(session, set, err) : set_driver(session, set, err);
}
