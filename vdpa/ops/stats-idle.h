/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_STATS_IDLE_H
#define VDPA_STATS_IDLE_H

#include "base/list.h"
#include "sys/nl.h"
#include "vdpa/model/model.h"

/* Devices of one type and one management device that no driver has negotiated with. */
struct idle_group {
	const struct dev *first; /* the device that the kernel is asked about */
	int ret;		 /* the error for all of them; 0: they may have statistics */
	struct err err;		 /* the same in the kernel's words */
};

struct idle {
	const struct idle_group **of; /* for each device its group; NULL: it may have statistics */
	struct list groups;
};

void idle_release(struct idle *idle);

/*
 * Finds the devices among @devs, a list of struct dev, that cannot have statistics because no
 * driver has negotiated with them. The kernel is asked about one device of each group.
 * @configs: list of struct config, in the order of the devices; some may be missing.
 * @queue: index of the queue to ask for.
 * Returns 0, or a negative errno with @err filled if the kernel could not be asked.
 */
int idle_find(struct nl *nl, const struct list *devs, const struct list *configs, uint32_t queue,
	      struct idle *idle, struct err *err);

#endif
