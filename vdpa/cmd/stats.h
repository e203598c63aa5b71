/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_CMD_STATS_H
#define VDPA_CMD_STATS_H

#include "commands.h"
#include "vdpa/ops/stats.h"

/* Prints the devices that have statistics. Returns as out_close(). */
int stats_print(struct vdpa *vdpa, const struct stats *stats, struct err *err);

/*
 * Prints rates every @interval seconds, @count times, or without end for 0. On a terminal, each
 * time replaces the last one; elsewhere it is a line for each device, or one document. A device
 * without statistics is reported once.
 */
int stats_watch(struct vdpa *vdpa, struct stats_query query, unsigned int interval,
		unsigned int count, struct err *err);

#endif
