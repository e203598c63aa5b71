/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ETHTOOL_H
#define ETHTOOL_H

#include "base/base.h"

/* Size of the kernel's buffer for the bus address of a network interface. */
#define ETHTOOL_BUS_SIZE 32

/*
 * Finds the bus address of the network interface @name, as its driver reports it. For a virtio
 * device it is the name of the parent device, cut to 31 bytes. Source: ETHTOOL_GDRVINFO of
 * linux/ethtool.h.
 * Returns whether there is one.
 */
bool ethtool_bus(const char *name, char bus[ETHTOOL_BUS_SIZE]);

#endif
