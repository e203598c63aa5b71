/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_WIRE_H
#define VDPA_KERNEL_WIRE_H

#include "nl.h"

/* What the files of the kernel's side share. */

/* Room for one request, with the alignment of its header. */
#define REQUEST(buffer) char buffer[NL_REQUEST_SIZE] __attribute__((aligned(8)))

/* A request that names a device. */
struct nlmsghdr *wire_dev_request(struct nl *nl, void *buffer, uint8_t command, const char *name);

/* Empties the list that a dump has filled, for it to be taken again. */
void wire_restart(void *list);

/* An answer without what it must have. Returns -EBADMSG. */
int wire_incomplete(struct err *err, const char *what);

#endif
