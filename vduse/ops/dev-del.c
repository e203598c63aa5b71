/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deletes a device, and first detaches it if the user asks for that. */
#include "dev-del.h"

#include "base/list.h"
#include "dev-detach.h"
#include "sys/guard.h"
#include "vduse/kernel/explain.h"
#include "vduse/kernel/kernel.h"

#include <errno.h>

/* The kernel does not delete a device while a program has its node open. */
static int check_served(const struct dev *dev, struct err *err)
{
	/* If a process serves it that cannot be seen here, the kernel refuses the second attempt.
	 */
	if (dev->state != STATE_SERVED)
		return 0;
	err_set(err, EBUSY, "delete '%.300s': process %u (%s) serves it", dev->name, dev->pid,
		dev->command);
	if (dev->attached)
		err_hint(
			err,
			"detach it from the vdpa bus while it is served: vdpa dev del %s; then end "
			"that process",
			explain_name(dev->name));
	else
		err_hint(err, "end that process first");
	return -EBUSY;
}

static int check_attached(const struct dev *dev, struct err *err)
{
	const bool bound = dev->present & BIT64(DEV_HAS_DRIVER);

	err_set(err, EBUSY, "delete '%.300s': it is attached to the vdpa bus%s%s", dev->name,
		bound ? ", and bound to " : "", bound ? dev->driver : "");
	err_hint(err, "'vduse dev del %s detach' detaches it first", explain_name(dev->name));
	return -EBUSY;
}

/*
 * The kernel refuses to delete a device that is served or attached, and checks that faster than we
 * could. So just try, and find out the reason only if it refuses.
 */
int dev_del(struct session *session, const char *name, bool detached, struct err *err)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	const struct dev *dev;
	int ret = control_open(&session->control, err);

	/* The node may open only after the user has pressed Ctrl-C. */
	if (!ret)
		ret = guard_check(err);
	if (ret)
		err_context(err, "delete '%.300s'", name);
	else
		ret = control_destroy(&session->control, name, err);
	if (ret != -EBUSY)
		return ret;
	ret = kernel_dev(name, false, &devs, err);
	if (ret)
		return ret;
	dev = devs.items[0];
	ret = check_served(dev, err);
	if (!ret && dev->attached)
		ret = detached ? detach(session->caller, dev->name, err) : check_attached(dev, err);
	return ret ? ret : control_destroy(&session->control, name, err);
}
