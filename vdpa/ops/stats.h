/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_STATS_H
#define VDPA_STATS_H

#include "base/list.h"
#include "session.h"

/* The statistics of several devices at one time. */
struct stats {
	struct list names;	/* of struct dev: the devices that were asked for */
	struct dev_stats *devs; /* in the same order; without queues: it has no statistics */
	size_t count;
};

/* A query for statistics. */
struct stats_query {
	const char *dev;	    /* NULL: all devices */
	const struct opt_u16 *qidx; /* unset: all queues */
	const struct stats *older;  /* NULL, or the last result: its failures are not repeated */
	/* Do not report missing drivers or counters, and report any other error only once. */
	bool quiet;
};

void stats_release(struct stats *stats);

/*
 * Fetches the statistics of one or all queues, of one or all devices. In a query for all devices, a
 * device without statistics is reported to the caller and has no queues; in a query for one device
 * it is an error.
 * Returns 0 or a negative errno with @err filled.
 */
int stats_fetch(struct session *session, const struct stats_query *query, struct stats *stats,
		struct err *err);

/*
 * The same, quietly, for all queues of the devices that @stats names already.
 * @configs: list of struct config, in the order of the devices: shows which devices are in use.
 */
int stats_fetch_of(struct session *session, const struct list *configs, struct stats *stats,
		   struct err *err);

/*
 * Returns the statistics of the device of this name, or NULL. @place: the index to look at first,
 * since a device mostly has the same place in two results that follow each other.
 */
const struct dev_stats *stats_find(const struct stats *stats, size_t place, const char *name);

#endif
