/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks that can refuse a new device before anything is sent. */
#include "dev-add-checks.h"

#include "vdpa/kernel/explain.h"
#include "vdpa/kernel/kernel.h"

int add_check_queues(struct session *session, const struct dev_new *dev, struct err *err)
{
	_cleanup_(list_clear) struct list list = { 0 };
	struct err ignored;

	if (!dev->max_vqp.set || kernel_mgmtdev(&session->nl, &dev->mgmtdev.value, &list, &ignored))
		return 0;
	return explain_queues(err, dev, list.items[0]);
}
