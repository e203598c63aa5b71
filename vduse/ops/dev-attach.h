/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_ATTACH_H
#define VDUSE_DEV_ATTACH_H

#include "base/list.h"
#include "session.h"

/*
 * The vdpa bus, on which a request may wait without limit: each is bounded here, and after two
 * seconds the caller is told what it waits for.
 */

/*
 * Whether nobody could answer a driver that takes the device as soon as it is attached. That it is
 * not served yet is taken for granted. @driver: that it is to have, "none", or NULL for the one
 * that the bus chooses. Returns 0, or a negative errno with what to do in @err.
 */
int attach_check(const struct caller *caller, const char *name, const char *driver,
		 struct err *err);

/*
 * Attaches a device and binds it to @driver, as above; no other driver has it in between.
 * -ETIMEDOUT: the kernel still waits, and has the device in its hands; what was
 * done before cannot be undone.
 */
int attach(struct caller *caller, const char *name, const char *driver, struct err *err);

/*
 * Whether devices can be attached: 0, or why not in @err; -ETIMEDOUT where the bus does not answer
 * within a second.
 */
int attach_ask_mgmtdev(struct err *err);

/*
 * Fills in what the bus alone knows of those devices that are attached: their types and numbers of
 * queues. A bus that does not answer is said so, and waited for no longer than a second.
 */
void attach_ask(struct caller *caller, const struct list *devs);

#endif
