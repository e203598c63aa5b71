/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETNS_H
#define NETNS_H

#include "base/base.h"

/* Room for the name of a network namespace with its end. */
#define NETNS_NAME_SIZE 256

/*
 * Called inside of a network namespace. @name: the one that "ip netns" gave it, or
 * "/proc/PID/ns/net" of a process in it.
 */
typedef void netns_visit(void *data, const char *name);

/*
 * Enters each network namespace but our own, as far as that is allowed, and as far as a name below
 * /run/netns or a process leads to it. There is no way back for every caller: this is for a process
 * that ends afterwards.
 */
void netns_each(netns_visit *visit, void *data);

#endif
