/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_BUS_INTERNAL_H
#define VDPA_BUS_INTERNAL_H

#include "sys/holders.h"

/* Reads a device's number from the attribute @path: the node may lie anywhere, or nowhere. */
bool bus_read_number(const char *path, dev_t *number);

/* Returns whether @dev is bound to @driver. If the driver is not loaded, this is cheap. */
bool bus_is_driven_by(const char *dev, const char *driver);

/*
 * Opens the node @path if it is the device @number. Returns 0 if that works, otherwise the errno.
 */
int bus_try_node(const char *path, dev_t number);

/*
 * Looks for a holder of the vhost_vdpa node @number, or for 0 of a node that is gone.
 * @major_number: of all nodes of vhost_vdpa.
 */
enum holders_answer bus_find_opener(unsigned int major_number, dev_t number, struct holder *holder);

#endif
