/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_MONITOR_ASK_H
#define VDPA_MONITOR_ASK_H

#include "sys/worker.h"
#include "vdpa/model/driver-map.h"

struct mgmtdev_names;

/*
 * A question which management devices there are. It is put by a process of its own: while another
 * request keeps the bus waiting, no signal would end ours, and no event would be read.
 */
struct mgmtdev_query {
	struct worker worker;
	struct mgmtdev_names *names; /* NULL: nothing was asked */
	int64_t since;		     /* when it was, ms */
};

#define MGMTDEV_QUERY_INIT                                                                         \
	{                                                                                          \
		.worker = WORKER_INIT                                                              \
	}

/*
 * Asks, unless that was done before, and waits for the answer.
 * Returns 1 with the names in @mgmtdevs, 0 where there is no answer yet, or a negative errno with
 * @err filled: -ENOENT with status 7 for a kernel that has no such list, here or at all.
 */
int mgmtdev_query(struct mgmtdev_query *query, int milliseconds, struct driver_map *mgmtdevs,
		  struct err *err);
void mgmtdev_query_release(struct mgmtdev_query *query);

#endif
