/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deletes a device, unless a process has its node open. */
#include "dev-del.h"

#include "bus/vdpa-node.h"
#include "precheck.h"
#include "vdpa/kernel/kernel.h"

/*
 * Deleting cannot fail, but it can wait without end: the kernel waits until /dev/vhost-vdpa-N is
 * closed, holds the family's lock meanwhile, and no signal ends that. So look first, and delete a
 * device in use only if the user insists with -f.
 */
int dev_del(struct session *session, const char *name, struct err *err)
{
	int ret = session->caller->force ? 0 : precheck_del(name, err);

	if (!ret)
		ret = kernel_dev_del(&session->nl, name, err);
	if (!ret)
		node_link_or_warn(name, session->caller);
	return ret;
}
