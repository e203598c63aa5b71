/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_ATTACH_H
#define VDUSE_DEV_ATTACH_H

#include "base/list.h"
#include "session.h"

/*
 * A request to the vdpa bus may wait without limit. Here each has a time limit, and after two
 * seconds a warning reports what it waits for.
 */

/*
 * Checks that a device which no program serves yet can be attached: virtio_vdpa would wait for an
 * answer at once.
 * @driver: to bind the device to, "none", or NULL for the one that the bus chooses.
 * Returns 0, or a negative errno with what to do in @err.
 */
int attach_check(const struct caller *caller, const char *name, const char *driver,
		 struct err *err);

/*
 * Attaches a device and binds it to @driver, as above; no other driver gets it in between.
 * -ETIMEDOUT: the kernel still works on the device, which therefore cannot be deleted.
 */
int attach(struct caller *caller, const char *name, const char *driver, struct err *err);

/*
 * Whether devices can be attached: 0, or why not in @err. -ETIMEDOUT: the bus does not answer
 * within a second.
 */
int attach_check_mgmtdev(struct err *err);

/*
 * Fills in the types and numbers of queues of attached devices, which only the bus knows. Waits for
 * a second at most; if the bus does not answer, a warning reports that they are left out.
 */
void attach_fill_types(struct caller *caller, const struct list *devs);

#endif
