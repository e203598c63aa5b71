/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the devices and counters that "vdpa metrics" prints. */
#include "metrics.h"

#include "base/list.h"
#include "config-fetch.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/kernel/topology.h"

void metrics_release(struct metrics *metrics)
{
	list_clear(&metrics->mgmtdevs);
	list_clear(&metrics->configs);
	stats_release(&metrics->stats);
}

int metrics_collect(struct session *session, struct metrics *metrics, struct err *err)
{
	struct list *devs = &metrics->stats.names;
	int ret = kernel_mgmtdevs(&session->nl, &metrics->mgmtdevs, err);

	if (!ret)
		ret = kernel_devs(&session->nl, devs, err);
	if (!ret)
		ret = topology_read(devs, TOPOLOGY_NODES, err);
	if (!ret)
		ret = config_fetch_quietly(session, devs, &metrics->configs, err);
	return ret ? ret : stats_fetch_of(session, &metrics->configs, &metrics->stats, err);
}
