/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_TOPOLOGY_H
#define VDPA_KERNEL_TOPOLOGY_H

#include "base/err.h"
#include "base/list.h"
#include "vdpa/model/model.h"

/*
 * Drivers, nodes, interfaces, disks and parents of vDPA devices, read from sysfs. Directories that
 * name many devices are read once for all of them, so that each device costs only a few system
 * calls. All functions return 0, or a negative errno with @err filled: there is no memory or no
 * sysfs.
 */

/* The name of a network namespace that we may not enter, or could not find. */
#define TOPOLOGY_NETNS_UNKNOWN "another network namespace"

/*
 * Lists the devices of the vdpa bus, including unmanaged ones, into @list, as struct dev with
 * nothing but a name.
 */
int topology_list(struct list *list, struct err *err);

/* How much of struct topology is read. Each step costs more system calls than the one before. */
enum topology_depth {
	TOPOLOGY_DRIVERS,   /* the driver */
	TOPOLOGY_NODES,	    /* and the node /dev/vhost-vdpa-N */
	TOPOLOGY_ENDPOINTS, /* and all else by which a device can be found: interface, disk, parent
			     */
	TOPOLOGY_ALL,	    /* and the holders of the node and driver_override */
};

/* Fills struct topology of each struct dev of @list; the list owns the strings. */
int topology_read(struct list *list, enum topology_depth depth, struct err *err);

/* Frees the list, with the topology of its devices. */
void topology_release(struct list *list);

#endif
