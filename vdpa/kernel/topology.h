/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_TOPOLOGY_H
#define VDPA_KERNEL_TOPOLOGY_H

#include "base/err.h"
#include "base/list.h"
#include "vdpa/model/model.h"

/*
 * What lies behind vDPA devices, read from sysfs. Directories that name many devices are read once
 * for all of them, so that a device costs a few system calls only. All return 0, or a negative
 * errno with @err filled: out of memory, or there is no sysfs.
 */

/* Stands for the network namespace of an interface that is in none that can be entered. */
#define TOPOLOGY_NETNS_UNKNOWN "another network namespace"

/*
 * Lists the devices of the vdpa bus, as struct dev with their names alone, into @list; those that
 * have no management device as well.
 */
int topology_list(struct list *list, struct err *err);

/* Fills the driver of each struct dev of @list. */
int topology_drivers(struct list *list, struct err *err);

/* Fills the driver and the node /dev/vhost-vdpa-N of each. */
int topology_nodes(struct list *list, struct err *err);

/* Fills all of struct topology, of each struct dev of @list; its strings go into the list. */
int topology_read(struct list *list, struct err *err);

/* The same without holders and driver_override: what a device is found by. */
int topology_endpoints(struct list *list, struct err *err);

/* Frees the list with all that was read for its devices. */
void topology_release(struct list *list);

#endif
