/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NL_H
#define NL_H

#include "base/clock.h"
#include "base/err.h"
#include "base/mac.h"
#include "base/num.h"

#include <linux/netlink.h>

struct mnl_socket;

/* Requests are small: a name or two and some numbers. */
#define NL_REQUEST_SIZE 16384

/*
 * A connection to one generic netlink family. It is opened, and the family looked up, when the
 * first request is sent.
 */
struct nl {
	const char *family;
	uint8_t version;
	struct mnl_socket *socket;
	uint16_t id;		/* of the family, once it is known */
	uint64_t commands;	/* bit N: the kernel has command N */
	uint32_t max_attribute; /* as the kernel told it with the family; 0 if it did not */
	uint32_t sequence;
	int64_t answered;	/* when the family last answered, by clock_milliseconds(), or 0 */
	unsigned int datagrams; /* that the last answer came in */
	unsigned int window;	/* requests that may be under way, once it was asked; else 0 */
	char message[256];	/* extended ack of the last answer, failure or not; or empty */
};

void nl_init(struct nl *nl, const char *family, uint8_t version);
void nl_release(struct nl *nl);

/*
 * Starts a request for @command in @buffer, of NL_REQUEST_SIZE bytes; attributes are put behind
 * it with libmnl's mnl_attr_put_*().
 */
struct nlmsghdr *nl_request(struct nl *nl, void *buffer, uint8_t command);

/*
 * Takes one message of an answer. Returns 0 or a negative errno with @err filled, which ends the
 * request. Bytes of the message are the kernel's: check what is read.
 */
typedef int nl_reply(const struct nlmsghdr *message, void *data, struct err *err);

/*
 * Sends @request and waits until the kernel has carried it out.
 * @reply: takes the answer, of which only the first message counts; NULL where none is expected.
 * Returns 0, or a negative errno with the kernel's own words in @err. A family that is not there
 * is -ENOENT with status 7.
 */
int nl_do(struct nl *nl, struct nlmsghdr *request, nl_reply *reply, void *data, struct err *err);

/*
 * Sends @request as a dump and takes all of its answers.
 * @restart: forgets what @reply has collected; called when the kernel reports that the dump was
 * interrupted or overran, and it is taken again.
 * Returns as nl_do(); -EINTR when the list would not hold still.
 */
int nl_dump(struct nl *nl, struct nlmsghdr *request, nl_reply *reply, void (*restart)(void *data),
	    void *data, struct err *err);

/*
 * Requests that are sent ahead of their answers, as many as the socket can hold the answers of.
 * The kernel carries them out in their order, and those that follow one that failed as well.
 */
struct nl_pipeline {
	uint8_t command;
	/* Puts the attributes of request @index; false behind the last one. */
	bool (*build)(void *data, size_t index, struct nlmsghdr *request);
	/* Takes the answer to request @index, or NULL where none is expected; as nl_reply. */
	int (*reply)(const struct nlmsghdr *message, void *data, size_t index, struct err *err);
	/*
	 * Called in their order: the errno that request @index failed with and @err, or 0 and
	 * NULL.
	 */
	void (*done)(void *data, size_t index, int ret, const struct err *err);
};

/*
 * Runs @pipeline. Returns 0 when each request has been answered, with whatever result; a negative
 * errno with @err filled when the conversation itself failed.
 */
int nl_pipeline(struct nl *nl, const struct nl_pipeline *pipeline, void *data, struct err *err);

/*
 * Whether the kernel's family has @command. Looks the family up if that was not done yet.
 * Returns 1, 0 or a negative errno with @err filled.
 */
int nl_has_command(struct nl *nl, uint8_t command, struct err *err);

/* How an attribute becomes a member of a struct. */
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
	uint8_t kind;	 /* enum nl_kind: a number's attribute must have just its size */
	uint8_t present; /* bit to set in the presence word */
	uint16_t offset; /* of the member */
};

/* A row for the member @field of struct @T; its C type says what the attribute must be. */
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
 * Copies the attributes of @message that have a row into @model, and skips all others. Of an
 * attribute that stands twice the last counts.
 * @rows: quickest in the order in which the kernel puts them.
 * @model: strings in it point into @message.
 * @present: gets the bits of those that were there.
 * Returns 0, or -EBADMSG for a number of the wrong size, a string without an end, or an attribute
 * that ends outside of the message.
 */
int nl_decode(const struct nlmsghdr *message, const struct nl_attribute *rows, size_t count,
	      void *model, uint32_t *present, struct err *err);

#endif
