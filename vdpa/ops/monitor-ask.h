/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_MONITOR_ASK_H
#define VDPA_MONITOR_ASK_H

#include "sys/worker.h"
#include "vdpa/model/driver-map.h"

struct mgmtdev_names;

/*
 * A request for the list of management devices, in flight in a child process. If another request is
 * stuck in the kernel, ours waits for it and no signal ends the wait: only the child hangs then,
 * and the parent goes on reading events.
 */
struct mgmtdev_query {
	struct worker worker;
	struct mgmtdev_names *names; /* NULL: no request is in flight */
	int64_t since;		     /* when the request was sent: ms */
};

#define MGMTDEV_QUERY_INIT                                                                         \
	{                                                                                          \
		.worker = WORKER_INIT                                                              \
	}

/*
 * Sends the request, unless one is in flight, and waits at most @milliseconds for the answer.
 * Returns 1 with the names in @mgmtdevs, 0 if there is no answer yet, or a negative errno with @err
 * filled: -ENOENT with status 7 if the family is missing, in this network namespace or altogether.
 */
int mgmtdev_query(struct mgmtdev_query *query, int milliseconds, struct driver_map *mgmtdevs,
		  struct err *err);
void mgmtdev_query_release(struct mgmtdev_query *query);

#endif
