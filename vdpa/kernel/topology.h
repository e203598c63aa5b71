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

/* Fills the driver of each struct dev of @list. */
int topology_drivers(struct list *list, struct err *err);

/* Fills the driver and the node /dev/vhost-vdpa-N of each. */
int topology_nodes(struct list *list, struct err *err);

/* Fills struct topology of each struct dev of @list; the list owns the strings. */
int topology_read(struct list *list, struct err *err);

/* The same without holders and driver_override. */
int topology_endpoints(struct list *list, struct err *err);

/* Frees the list, with the topology of its devices. */
void topology_release(struct list *list);

#endif
