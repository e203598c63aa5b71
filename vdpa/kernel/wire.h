/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_WIRE_H
#define VDPA_KERNEL_WIRE_H

#include "base/list.h"
#include "sys/nl.h"

/* Shared by the files that send requests to the family "vdpa"; private to this folder. */

/* Declares a buffer for one request, aligned for its header. */
#define REQUEST(buffer) char buffer[NL_REQUEST_SIZE] __attribute__((aligned(8)))

/* Starts a request that names a device. */
struct nlmsghdr *wire_dev_request(struct nl *nl, void *buffer, uint8_t command, const char *name);

/* Empties the list that an interrupted dump has filled, before the dump is repeated. */
void wire_restart(void *list);

/* Append the management device, or device, of one answer to @list. Both are nl_reply functions. */
int wire_take_mgmtdev(const struct nlmsghdr *message, void *list, struct err *err);
int wire_take_dev(const struct nlmsghdr *message, void *list, struct err *err);

/*
 * Asks for each of the devices whose names are items of @names, pipelined. Returns as
 * nl_pipeline().
 * @take: called for each answer; an nl_reply.
 * @done: called for each request in turn, with 0 and NULL, or with a negative errno and the
 * kernel's words.
 */
struct wire_each {
	const struct list *names;
	nl_reply *take;
	void *taken; /* for @take */
	void (*done)(void *data, size_t index, int ret, const struct err *err);
	void *data; /* for @done */
};
int wire_dev_each(struct nl *nl, uint8_t command, const struct wire_each *each, struct err *err);

/* Reports an answer that lacks a mandatory attribute, @what. Returns -EBADMSG. */
int wire_incomplete(struct err *err, const char *what);

#endif
