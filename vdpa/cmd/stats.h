/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_CMD_STATS_H
#define VDPA_CMD_STATS_H

#include "commands.h"
#include "vdpa/ops/stats.h"

/* Prints the document of those devices that have statistics. Returns as out_close(). */
int stats_print(struct vdpa *vdpa, const struct stats *stats, struct err *err);

/*
 * Prints rates every @interval seconds, @count times or, with 0, until it is stopped: on a
 * terminal in place, elsewhere a line for each device, or a document, each time. A device without
 * statistics is reported when that begins.
 */
int stats_watch(struct vdpa *vdpa, struct stats_query query, unsigned int interval,
		unsigned int count, struct err *err);

#endif
