/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_STATS_H
#define VDPA_STATS_H

#include "commands.h"

/* The statistics of several devices at one time. */
struct stats {
	struct list names;	/* of struct dev: what was asked for */
	struct dev_stats *devs; /* in that order; without queues where the kernel has none */
	size_t count;
};

void stats_release(struct stats *stats);

/*
 * Fetches the statistics of all queues of a device, or of one, or of all devices with @dev NULL.
 * Of all devices, those without are reported and the others are there; of one it is an error.
 * Returns 0 or a negative errno with @err filled.
 */
int stats_fetch(struct vdpa *vdpa, const char *dev, const struct opt_u16 *qidx, struct stats *stats,
		struct err *err);

/* Prints the document of those devices that have statistics. Returns as out_close(). */
int stats_print(struct vdpa *vdpa, const struct stats *stats, struct err *err);

/*
 * Prints rates every @interval seconds, @count times or, with 0, until it is stopped: on a
 * terminal in place, elsewhere a line for each device, or a document, each time. A device without
 * statistics is reported when that begins.
 */
int stats_watch(struct vdpa *vdpa, const char *dev, const struct opt_u16 *qidx,
		unsigned int interval, unsigned int count, struct err *err);

#endif
