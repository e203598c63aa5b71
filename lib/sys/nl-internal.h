/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NL_INTERNAL_H
#define NL_INTERNAL_H

#include "sys/nl.h"

/* What the files of the netlink module share. */

enum nl_progress {
	NL_FINISHED,
	NL_MORE
};

/* Opens the connection and looks the family up, once. */
int nl_find_family(struct nl *nl, struct err *err);

/* As nl_request(), where the padding behind attributes is known to be zero. */
struct nlmsghdr *nl_request_small(struct nl *nl, void *buffer, uint8_t command);

/*
 * Sends @messages, the first of which is made one of the family; the family is looked up before if
 * that has not been done. @changes: they change something, see guard_call().
 */
int nl_send(struct nl *nl, struct nlmsghdr *messages, size_t length, bool changes, struct err *err);

/*
 * Receives until @take, which gets each message, returns NL_FINISHED or a negative errno, and
 * returns what it did; or a negative errno with @err filled when receiving fails.
 */
typedef int nl_take(struct nl *nl, void *data, const struct nlmsghdr *message);
int nl_receive_all(struct nl *nl, nl_take *take, void *data, struct err *err);

/* What an ack says: 0 or the errno of the request, and the kernel's words in @err. */
int nl_take_ack(struct nl *nl, const struct nlmsghdr *message, struct err *err);

#endif
