/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_STATS_H
#define VDPA_STATS_H

#include "base/list.h"
#include "session.h"

/* The statistics of several devices at one time. */
struct stats {
	struct list names;	/* of struct dev: what was asked for */
	struct dev_stats *devs; /* in that order; without queues where the kernel has none */
	size_t count;
};

/* What is asked for. */
struct stats_query {
	const char *dev;	    /* or NULL for all devices */
	const struct opt_u16 *qidx; /* of the only queue that is wanted */
	const struct stats *older; /* of the last time: what failed then is not reported, or NULL */
	/* Nor that no driver counts, or is there yet; and another reason once for all devices. */
	bool quiet;
};

void stats_release(struct stats *stats);

/*
 * Fetches the statistics of all queues of a device, or of one, or of all devices. Of all devices,
 * those without are reported and the others are there; of one it is an error.
 * Returns 0 or a negative errno with @err filled.
 */
int stats_fetch(struct session *session, const struct stats_query *query, struct stats *stats,
		struct err *err);

/*
 * The same, quietly, of all queues of the devices that @stats has the names of.
 * @configs: of struct config, in the order of the devices, to know which have a driver.
 */
int stats_fetch_of(struct session *session, const struct list *configs, struct stats *stats,
		   struct err *err);

/*
 * The statistics of the device of this name, or NULL. @place: where to look first, since lists that
 * follow each other mostly have the same device at the same place.
 */
const struct dev_stats *stats_find(const struct stats *stats, size_t place, const char *name);

#endif
