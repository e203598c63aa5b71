/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_STATS_IDLE_H
#define VDPA_STATS_IDLE_H

#include "base/list.h"
#include "sys/nl.h"
#include "vdpa/model/model.h"

/* Devices of one type and one management device that no driver has negotiated with. */
struct idle_group {
	const struct dev *first; /* that the kernel was asked about */
	int ret;		 /* why none of them has statistics; 0 if they may have some */
	struct err err;		 /* in the kernel's words */
};

struct idle {
	const struct idle_group **of; /* of each device; NULL for one that may have statistics */
	struct list groups;
};

void idle_release(struct idle *idle);

/*
 * Finds the devices among @devs, a list of struct dev, that cannot have statistics because no
 * driver has negotiated with them.
 * @configs: of struct config, in the order of the devices, some of which may be missing.
 * @queue: index of the queue that is asked for.
 * Returns 0, or a negative errno with @err filled where the kernel could not be asked.
 */
int idle_find(struct nl *nl, const struct list *devs, const struct list *configs, uint32_t queue,
	      struct idle *idle, struct err *err);

#endif
