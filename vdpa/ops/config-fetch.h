/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_CONFIG_FETCH_H
#define VDPA_CONFIG_FETCH_H

#include "base/list.h"
#include "session.h"

/*
 * Appends the configurations of @devs, a list of struct dev, to @configs, as struct config in the
 * same order. A device that the kernel cannot describe is reported and left out.
 * Returns 0, or a negative errno with @err filled if the kernel could not be asked.
 */
int config_fetch(struct session *session, const struct list *devs, struct list *configs,
		 struct err *err);

/* The same without reports about devices that the kernel cannot describe. */
int config_fetch_quietly(struct session *session, const struct list *devs, struct list *configs,
			 struct err *err);

#endif
