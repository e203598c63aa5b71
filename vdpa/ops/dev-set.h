/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_SET_H
#define VDPA_DEV_SET_H

#include "base/mac.h"
#include "session.h"

struct set_args {
	const char *name;
	struct opt_mac mac;
	struct opt_driver driver;
};

/* Sets the MAC address or the driver of a device. Returns 0, or a negative errno with @err filled.
 */
int dev_set(struct session *session, const struct set_args *set, struct err *err);

#endif
