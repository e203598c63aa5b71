/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until a device exists, is bound to a driver, or is gone. */
#include "dev-wait.h"

#include "sys/guard.h"
#include "vdpa/kernel/bind.h"

/* Receive buffer for the events that arrive between two looks: bytes. */
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
	/* Listen before the first look, so that no event is missed between the look and the wait.
	 */
	int ret = uevents_open(&uevents, WAIT_BUFFER_SIZE, err);

	guard_sleep();
	if (!ret)
		ret = bind_await(&uevents, &wanted, &wait->timeout, err);
	if (ret)
		err_context(err, "wait for '%.300s'", wait->name);
	return ret;
}
