/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_CONFIG_FETCH_H
#define VDPA_CONFIG_FETCH_H

#include "base/list.h"
#include "session.h"

/*
 * The configurations of these devices, a list of struct dev, as struct config in their order. A
 * device that the kernel cannot describe, for whatever reason, is reported and left out; the others
 * are there.
 * Returns 0, or a negative errno with @err filled where the kernel could not be asked.
 */
int config_fetch(struct session *session, const struct list *devs, struct list *configs,
		 struct err *err);

/* The same without a word about devices that the kernel cannot describe. */
int config_fetch_quietly(struct session *session, const struct list *devs, struct list *configs,
			 struct err *err);

#endif
