/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NL_H
#define NL_H

#include "base/clock.h"
#include "base/err.h"
#include "base/mac.h"
#include "base/num.h"

#include <linux/netlink.h>

struct mnl_socket;

/* Requests are small: a name or two and a few numbers. */
#define NL_REQUEST_SIZE 16384

/*
 * A connection to one generic netlink family. The first request opens it and looks up the family.
 */
struct nl {
	const char *family;
	uint8_t version;
	struct mnl_socket *socket;
	uint16_t id;		/* number of the family once it is known, otherwise 0 */
	uint64_t commands;	/* bit N: the kernel has command N */
	uint32_t max_attribute; /* CTRL_ATTR_MAXATTR of the family, or 0 if the kernel did not send
				   it */
	uint32_t sequence;
	int64_t answered; /* when the family last answered, by clock_milliseconds(); 0: never */
	unsigned int datagrams; /* number of datagrams of the last answer */
	unsigned int window;	/* in-flight requests allowed, or 0 before the first pipeline */
	char message[256]; /* extended ack of the last answer, even if it succeeded, or empty */
};

void nl_init(struct nl *nl, const char *family, uint8_t version);
void nl_release(struct nl *nl);

/*
 * Begins a request for @command in @buffer, of NL_REQUEST_SIZE bytes. Append attributes with
 * libmnl's mnl_attr_put_*().
 */
struct nlmsghdr *nl_request(struct nl *nl, void *buffer, uint8_t command);

/*
 * Handles one message of an answer. Returns 0, or a negative errno with @err filled, which ends the
 * request. The bytes come from outside: check what you read.
 */
typedef int nl_reply(const struct nlmsghdr *message, void *data, struct err *err);

/*
 * Sends @request and waits until the kernel has carried it out.
 * @reply: handles the answer, of which only the first message counts; NULL if none is expected.
 * Returns 0, or a negative errno with the kernel's message in @err. For a missing family it is
 * -ENOENT with status 7.
 */
int nl_do(struct nl *nl, struct nlmsghdr *request, nl_reply *reply, void *data, struct err *err);

/*
 * Sends @request as a dump and handles all of its answers.
 * @restart: discards what @reply has collected. It is called when the kernel reports that the dump
 * was interrupted or overran, and before the dump is repeated.
 * Returns the same as nl_do(), or -EINTR if the list kept changing.
 */
int nl_dump(struct nl *nl, struct nlmsghdr *request, nl_reply *reply, void (*restart)(void *data),
	    void *data, struct err *err);

/*
 * Pipelined requests: as many are in flight as the socket can hold answers for. The kernel carries
 * them out in order, and goes on after one that failed.
 */
struct nl_pipeline {
	uint8_t command;
	/* Appends the attributes of request @index; returns false after the last request. */
	bool (*build)(void *data, size_t index, struct nlmsghdr *request);
	/* Handles the answer to request @index, as nl_reply; NULL if none is expected. */
	int (*reply)(const struct nlmsghdr *message, void *data, size_t index, struct err *err);
	/*
	 * Called in the order of the requests: with the negative errno of request @index and @err,
	 * or with 0 and NULL.
	 */
	void (*done)(void *data, size_t index, int ret, const struct err *err);
};

/*
 * Runs @pipeline. Returns 0 when each request has been answered, with success or failure, or a
 * negative errno with @err filled if the communication itself failed.
 */
int nl_pipeline(struct nl *nl, const struct nl_pipeline *pipeline, void *data, struct err *err);

/*
 * Returns 1 if the kernel's family has @command, 0 if not, or a negative errno with @err filled.
 * Looks up the family if necessary.
 */
int nl_has_command(struct nl *nl, uint8_t command, struct err *err);

/* The type of an attribute and of the member that it is copied to. */
enum nl_kind {
	NL_U8,
	NL_U16,
	NL_U32,
	NL_U64,
	NL_MAC,
	NL_STRING, /* a pointer into the message */
};

struct nl_attribute {
	uint16_t number;
	uint8_t kind;	 /* enum nl_kind; the attribute of a number must have exactly its size */
	uint8_t present; /* bit to set in the presence mask */
	uint16_t offset; /* of the member */
};

/* A row for the member @field of struct @T. Its C type determines what the attribute must be. */
/* clang-format off */
#define NL_ATTRIBUTE(T, field, number_, present_)		\
	{							\
		.number = (number_), .present = (present_),	\
		.offset = offsetof(T, field),			\
		.kind = _Generic(((T *)0)->field,		\
				 uint8_t: NL_U8,		\
				 uint16_t: NL_U16,		\
				 uint32_t: NL_U32,		\
				 uint64_t: NL_U64,		\
				 struct mac: NL_MAC,		\
				 const char *: NL_STRING)	\
	}
/* clang-format on */

/*
 * Copies the attributes of @message that have a row into @model and skips all others. If an
 * attribute occurs twice, the last one counts.
 * @rows: fastest in the order in which the kernel sends the attributes.
 * @model: strings in it point into @message.
 * @present: the bits of the attributes that were found are added to it.
 * Returns 0, or -EBADMSG for a number of the wrong size, a string that is not terminated, or an
 * attribute that exceeds the message.
 */
int nl_decode(const struct nlmsghdr *message, const struct nl_attribute *rows, size_t count,
	      void *model, uint32_t *present, struct err *err);

#endif
