/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_WIRE_H
#define VDPA_KERNEL_WIRE_H

#include "base/list.h"
#include "sys/nl.h"

/* What the files of the kernel's side share. */

/* Room for one request, with the alignment of its header. */
#define REQUEST(buffer) char buffer[NL_REQUEST_SIZE] __attribute__((aligned(8)))

/* A request that names a device. */
struct nlmsghdr *wire_dev_request(struct nl *nl, void *buffer, uint8_t command, const char *name);

/* Empties the list that a dump has filled, for it to be taken again. */
void wire_restart(void *list);

/* Takes a device, or a management device, out of an answer into a list of such; as nl_reply. */
int wire_take_mgmtdev(const struct nlmsghdr *message, void *list, struct err *err);
int wire_take_dev(const struct nlmsghdr *message, void *list, struct err *err);

/*
 * Asks for each of the devices of these names, items of @names, with requests that are sent ahead
 * of their answers; @take gets those, as nl_reply. Returns as nl_pipeline().
 * @done: called in their order: the negative errno that the request failed with and @err, as the
 * kernel has it, or 0 and NULL.
 */
struct wire_each {
	const struct list *names;
	nl_reply *take;
	void *taken; /* for @take */
	void (*done)(void *data, size_t index, int ret, const struct err *err);
	void *data; /* for @done */
};
int wire_dev_each(struct nl *nl, uint8_t command, const struct wire_each *each, struct err *err);

/* An answer without what it must have. Returns -EBADMSG. */
int wire_incomplete(struct err *err, const char *what);

#endif
