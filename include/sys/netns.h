/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETNS_H
#define NETNS_H

#include "base/base.h"

/* Size of a buffer for the name of a network namespace. */
#define NETNS_NAME_SIZE 256

/*
 * Called inside a network namespace. @name: the name that "ip netns" gave it, or "/proc/PID/ns/net"
 * of a process in it.
 */
typedef void netns_visit(void *data, const char *name);

/*
 * Enters each network namespace except our own that a name below /run/netns or a process leads to,
 * as far as this is allowed. Not every caller could return to its own namespace, so this is only
 * for a process that exits afterwards.
 */
void netns_each(netns_visit *visit, void *data);

#endif
