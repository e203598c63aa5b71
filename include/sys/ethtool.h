/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ETHTOOL_H
#define ETHTOOL_H

#include "base/base.h"

/* Bytes of a bus address as the kernel keeps it for a network interface, its end included. */
#define ETHTOOL_BUS_SIZE 32

/*
 * The bus address of the network interface @name, as its driver tells it: for a virtio device the
 * name of the device behind it, cut to 31 bytes. Source: ETHTOOL_GDRVINFO of linux/ethtool.h.
 * Returns whether there is one.
 */
bool ethtool_bus(const char *name, char bus[ETHTOOL_BUS_SIZE]);

#endif
