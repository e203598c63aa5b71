/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NL_INTERNAL_H
#define NL_INTERNAL_H

#include "sys/nl.h"

/* Functions that the netlink files share. */

enum nl_progress {
	NL_FINISHED,
	NL_MORE
};

/* Opens the connection and looks up the family, unless that was done. */
int nl_find_family(struct nl *nl, struct err *err);

/* The same as nl_request(), for a buffer in which all padding of attributes is zero already. */
struct nlmsghdr *nl_request_small(struct nl *nl, void *buffer, uint8_t command);

/*
 * Sends @messages and sets the family in the first one. Looks up the family if that was not done.
 * @changes: the requests change something, see guard_call().
 */
int nl_send(struct nl *nl, struct nlmsghdr *messages, size_t length, bool changes, struct err *err);

/*
 * Receives messages until @take, which gets each of them, returns NL_FINISHED or a negative errno.
 * Returns that result, or a negative errno with @err filled if receiving failed.
 */
typedef int nl_take(struct nl *nl, void *data, const struct nlmsghdr *message);
int nl_receive_all(struct nl *nl, nl_take *take, void *data, struct err *err);

/*
 * Returns the result that an ack reports: 0, or the negative errno of the request with the kernel's
 * message in @err.
 */
int nl_take_ack(struct nl *nl, const struct nlmsghdr *message, struct err *err);

/* The answer cannot be what the kernel meant to send. Returns -EBADMSG with @err filled. */
int nl_malformed(struct err *err, const char *what);

/* Takes the number of the family, its commands and its last attribute into @data, a struct nl. */
int nl_take_family(const struct nlmsghdr *message, void *data, struct err *err);

#endif
