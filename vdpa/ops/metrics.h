/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_METRICS_H
#define VDPA_METRICS_H

#include "base/list.h"
#include "stats.h"

/* Devices and counters at one point in time. */
struct metrics {
	struct list mgmtdevs; /* of struct mgmtdev */
	struct list configs;  /* of struct config, for devices that the kernel describes */
	struct stats stats;   /* its names are the devices, with their drivers and nodes */
};

void metrics_release(struct metrics *metrics);

/*
 * Collects metrics with three dumps, and one request for each queue of a device that a driver uses.
 * A device that is deleted meanwhile is left out. If statistics cannot be read although the driver
 * keeps some, that is reported to the caller.
 * Returns 0, or a negative errno with @err filled.
 */
int metrics_collect(struct session *session, struct metrics *metrics, struct err *err);

#endif
