/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa dev wait". */
#include "dev-wait.h"

#include "sys/guard.h"
#include "vdpa/kernel/bind.h"

/* Bytes of events that may come between two looks. */
#define WAIT_BUFFER_SIZE (1 << 20)

static enum bind_state wanted_state(const struct wait_args *wait)
{
	if (wait->gone)
		return BIND_GONE;
	if (!wait->driver.name)
		return BIND_THERE;
	return driver_name(&wait->driver) ? BIND_READY : BIND_UNBOUND;
}

int dev_wait(const struct wait_args *wait, struct err *err)
{
	const struct bind_wanted wanted = { .dev = wait->name,
					    .state = wanted_state(wait),
					    .driver = driver_name(&wait->driver) };
	_cleanup_(uevents_release) struct uevents uevents = { .fd = -1 };
	/* Before the first look, so that nothing happens unseen between that and the wait. */
	int ret = uevents_open(&uevents, WAIT_BUFFER_SIZE, err);

	guard_sleep();
	if (!ret)
		ret = bind_await(&uevents, &wanted, &wait->timeout, err);
	if (ret)
		err_context(err, "wait for '%.300s'", wait->name);
	return ret;
}
