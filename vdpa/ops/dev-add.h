/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ADD_H
#define VDPA_DEV_ADD_H

#include "session.h"

/*
 * Creates a device, binds it and waits for it, as far as @wanted asks for that. A failure or a
 * signal deletes it again.
 * @added: filled on success with the action that was taken.
 * Returns 0, or a negative errno with @err filled.
 */
int dev_add(struct session *session, const struct dev_new *wanted, struct dev_added *added,
	    struct err *err);

#endif
