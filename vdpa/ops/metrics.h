/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_METRICS_H
#define VDPA_METRICS_H

#include "base/list.h"
#include "stats.h"

/* All that is counted, at one time. */
struct metrics {
	struct list mgmtdevs; /* of struct mgmtdev */
	struct list configs;  /* of struct config, of the devices that the kernel describes */
	struct stats stats;   /* its names are the devices, with their drivers and nodes */
};

void metrics_release(struct metrics *metrics);

/*
 * Collects them by three lists of the kernel's, and one request for each queue of a device whose
 * driver has set it up. A device that went meanwhile is left out; one whose statistics cannot be
 * read for another reason than that nobody counts is reported.
 * Returns 0, or a negative errno with @err filled.
 */
int metrics_collect(struct session *session, struct metrics *metrics, struct err *err);

#endif
