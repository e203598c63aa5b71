/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Talks to one generic netlink family: requests, dumps, and the kernel's error messages. */
#include "base/clock.h"
#include "nl-internal.h"
#include "sys/guard.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdio.h>

/*
 * The kernel puts up to this much of a dump into one datagram if the reader has room for it, so
 * that a long list needs fewer system calls.
 */
#define RECEIVE_SIZE 32768
/* How often an interrupted dump is repeated before we give up. */
#define DUMP_TRIES   20

/* Sequence number of the request that looks up the family, always the first. */
#define LOOK_UP_SEQUENCE 1

/* The state of one request and its answers. */
struct exchange {
	uint32_t sequence;
	const struct nlmsghdr *request; /* its answers have the same type, the family's number */
	bool dump;
	bool interrupted; /* the list changed during the dump */
	bool answered;	  /* the reply to a do request has arrived */
	nl_reply *reply;
	void *data;
	int result; /* the result of @reply; after a failure the rest is read and dropped */
	struct err *err;
};

void nl_init(struct nl *nl, const char *family, uint8_t version)
{
	*nl = (struct nl){ .family = family, .version = version, .sequence = LOOK_UP_SEQUENCE };
}

void nl_release(struct nl *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	nl->socket = NULL;
	nl->window = 0;
}

static int open_socket(struct nl *nl, struct err *err)
{
	const int on = 1;

	if (nl->socket)
		return 0;
	nl->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!nl->socket)
		return err_set(err, errno, "netlink socket: %s", err_words(errno));
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		int code = errno;

		nl_release(nl);
		return err_set(err, code, "netlink socket: %s", err_words(code));
	}
	/* If this fails, only the kernel's error messages are missing. */
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, (void *)&on, sizeof(on));
	return 0;
}

static struct nlmsghdr *start(void *buffer, uint16_t type, uint8_t command, uint8_t version)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic;

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST;
	generic = mnl_nlmsg_put_extra_header(message, sizeof(*generic));
	generic->cmd = command;
	generic->version = version;
	return message;
}

struct nlmsghdr *nl_request_small(struct nl *nl, void *buffer, uint8_t command)
{
	return start(buffer, 0, command, nl->version);
}

struct nlmsghdr *nl_request(struct nl *nl, void *buffer, uint8_t command)
{
	/* libmnl does not write the padding of attributes, and the kernel gets all of it. */
	memset(buffer, 0, NL_REQUEST_SIZE);
	return nl_request_small(nl, buffer, command);
}

int nl_malformed(struct err *err, const char *what)
{
	return err_set(err, EBADMSG, "the kernel's answer is malformed: %s", what);
}

/*
 * The attributes of an ack follow the header of the request, and the rest of the request if the
 * kernel did not cap it.
 */
static void read_extended_ack(struct nl *nl, const struct nlmsghdr *message,
			      const struct nlmsgerr *ack)
{
	size_t length = mnl_nlmsg_get_payload_len(message), offset = sizeof(*ack);
	const struct nlattr *attr;

	nl->message[0] = '\0';
	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(message->nlmsg_flags & NLM_F_CAPPED) && ack->msg.nlmsg_len >= sizeof(ack->msg))
		offset += MNL_ALIGN((size_t)ack->msg.nlmsg_len - sizeof(ack->msg));
	if (offset > length)
		return;
	attr = (const struct nlattr *)((const char *)ack + offset);
	for (length -= offset; mnl_attr_ok(attr, (int)length); attr = mnl_attr_next(attr)) {
		size_t size = mnl_attr_get_payload_len(attr);

		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(nl->message, sizeof(nl->message), "%.*s", (int)size,
				 (const char *)mnl_attr_get_payload(attr));
		if (length < (size_t)MNL_ALIGN(attr->nla_len))
			return;
		length -= MNL_ALIGN(attr->nla_len);
	}
}

/*
 * @code: from the kernel, negative. Numbers outside of the range of errno cannot be the kernel's.
 */
static int kernel_error(struct nl *nl, int code, struct err *err)
{
	if (code >= 0 || code < -4095)
		return nl_malformed(err, "an error number out of range");
	return err_set(err, -code, "%s", nl->message[0] ? nl->message : err_words(-code));
}

int nl_take_ack(struct nl *nl, const struct nlmsghdr *message, struct err *err)
{
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*ack))
		return nl_malformed(err, "an ack that is too short");
	read_extended_ack(nl, message, ack);
	return ack->error ? kernel_error(nl, ack->error, err) : NL_FINISHED;
}

static int take_done(struct nl *nl, const struct nlmsghdr *message, struct err *err)
{
	const int *code = mnl_nlmsg_get_payload(message);

	nl->message[0] = '\0';
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*code) || !*code)
		return NL_FINISHED;
	return kernel_error(nl, *code, err);
}

static void take_reply(struct exchange *exchange, const struct nlmsghdr *message, struct err *err)
{
	exchange->answered = true;
	if (exchange->result || !exchange->reply)
		return;
	if (message->nlmsg_type != exchange->request->nlmsg_type)
		exchange->result = nl_malformed(err, "a message of another family");
	else if (mnl_nlmsg_get_payload_len(message) < sizeof(struct genlmsghdr))
		exchange->result = nl_malformed(err, "a message without a header");
	else
		exchange->result = exchange->reply(message, exchange->data, err);
}

/* Returns NL_MORE, NL_FINISHED or a negative errno. */
static int take_message(struct nl *nl, void *data, const struct nlmsghdr *message)
{
	struct exchange *exchange = data;
	struct err *err = exchange->err;

	if (message->nlmsg_seq != exchange->sequence)
		return NL_MORE;
	/*
	 * The list changed between two parts of the dump, so an entry may be missing or occur
	 * twice. This is common while devices are created; nl_dump() takes the list again.
	 */
	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		exchange->interrupted = true;
	switch (message->nlmsg_type) {
	case NLMSG_NOOP:
		return NL_MORE;
	case NLMSG_ERROR:
		return nl_take_ack(nl, message, err);
	case NLMSG_DONE:
		return take_done(nl, message, err);
	case NLMSG_OVERRUN:
		return err_set(err, ENOBUFS, "%s", err_words(ENOBUFS));
	default:
		take_reply(exchange, message, err);
		/* A request with a reply did not ask for an ack, so the reply ends it. */
		return exchange->dump || !exchange->reply ? NL_MORE : NL_FINISHED;
	}
}

/* libmnl's check accepts a length that is negative as an int. */
static bool is_whole(const struct nlmsghdr *message, int length)
{
	return length >= (int)sizeof(*message) && message->nlmsg_len <= (unsigned int)length &&
	       mnl_nlmsg_ok(message, length);
}

static int take_messages(struct nl *nl, nl_take *take, void *data, const void *buffer, int length,
			 struct err *err)
{
	const struct nlmsghdr *message = buffer;
	int ret = NL_MORE;

	for (; ret == NL_MORE && is_whole(message, length);
	     message = mnl_nlmsg_next(message, &length))
		ret = take(nl, data, message);
	if (ret == NL_MORE && length > 0)
		return nl_malformed(err, "it ends inside a message");
	return ret;
}

struct receiving {
	const struct nl *nl;
	void *buffer;
};

/*
 * The kernel makes all but the first part of a dump inside this call, which may therefore wait as
 * long as a request.
 */
static ssize_t receive_message(const void *data)
{
	const struct receiving *receiving = data;

	return mnl_socket_recvfrom(receiving->nl->socket, receiving->buffer, RECEIVE_SIZE);
}

/*
 * Returns the number of bytes or a negative errno. Signals do not end it, because the answer to a
 * request must always be read.
 */
static int receive(struct nl *nl, void *buffer, struct err *err)
{
	const struct receiving receiving = { nl, buffer };
	ssize_t length;

	do
		length = guard_call(receive_message, &receiving, false);
	while (length < 0 && errno == EINTR);
	if (length < 0 && errno == ENOSPC)
		return nl_malformed(err, "it is longer than any answer of a kernel");
	if (length < 0)
		return err_set(err, errno, "netlink socket: %s", err_words(errno));
	if (length == 0)
		return nl_malformed(err, "it is empty");
	return length;
}

struct sending {
	const struct nl *nl;
	const void *messages;
	size_t length;
};

/* The kernel does the work inside this call, and may first wait for the work of others. */
static ssize_t send_messages(const void *data)
{
	const struct sending *sending = data;

	return mnl_socket_sendto(sending->nl->socket, sending->messages, sending->length);
}

static int send_now(struct nl *nl, const void *messages, size_t length, bool changes,
		    struct err *err)
{
	const struct sending sending = { nl, messages, length };
	ssize_t sent;

	do
		sent = guard_call(send_messages, &sending, changes);
	while (sent < 0 && errno == EINTR && !guard_signal());
	return sent < 0 ? err_set(err, errno, "netlink socket: %s", err_words(errno)) : 0;
}

int nl_receive_all(struct nl *nl, nl_take *take, void *data, struct err *err)
{
	static char buffer[RECEIVE_SIZE] __attribute__((aligned(8)));
	int ret;

	nl->datagrams = 0;
	do {
		ret = receive(nl, buffer, err);
		nl->datagrams++;
		if (ret >= 0)
			ret = take_messages(nl, take, data, buffer, ret, err);
	} while (ret == NL_MORE);
	return ret;
}

static void begin(struct nl *nl, struct nlmsghdr *request, uint32_t sequence,
		  struct exchange *exchange, struct err *err)
{
	request->nlmsg_seq = exchange->sequence = sequence;
	exchange->request = request;
	exchange->err = err;
	nl->message[0] = '\0';
}

static int end(struct nl *nl, struct exchange *exchange, struct err *err)
{
	int ret = nl_receive_all(nl, take_message, exchange, err);

	return ret ? ret : exchange->result;
}

static int no_family(struct nl *nl, struct err *err)
{
	return err_set_status(err, STATUS_NOT_SUPPORTED, ENOENT,
			      "the kernel has no netlink family '%s' here", nl->family);
}

static int look_up(struct nl *nl, struct err *err)
{
	char buffer[256] __attribute__((aligned(8))) = { 0 };
	struct nlmsghdr *request = start(buffer, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	struct exchange lookup = { .reply = nl_take_family, .data = nl };
	int ret;

	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, nl->family);
	begin(nl, request, LOOK_UP_SEQUENCE, &lookup, err);
	ret = send_now(nl, request, request->nlmsg_len, false, err);
	if (!ret)
		ret = end(nl, &lookup, err);
	if (ret == -ENOENT)
		return no_family(nl, err);
	if (!ret && !nl->id)
		ret = nl_malformed(err, "it does not name the family");
	return ret;
}

int nl_find_family(struct nl *nl, struct err *err)
{
	int ret;

	if (nl->id && nl->socket)
		return 0;
	ret = open_socket(nl, err);
	return ret || nl->id ? ret : look_up(nl, err);
}

int nl_send(struct nl *nl, struct nlmsghdr *messages, size_t length, bool changes, struct err *err)
{
	int ret = nl_find_family(nl, err);

	if (ret)
		return ret;
	/* The request may have been built before the number was known. */
	messages->nlmsg_type = nl->id;
	return send_now(nl, messages, length, changes, err);
}

static int run_exchange(struct nl *nl, struct nlmsghdr *request, struct exchange *exchange,
			struct err *err)
{
	int ret;

	begin(nl, request, ++nl->sequence, exchange, err);
	ret = nl_send(nl, request, request->nlmsg_len, !exchange->reply, err);
	if (!ret)
		ret = end(nl, exchange, err);
	nl->answered = clock_milliseconds();
	return ret;
}

int nl_has_command(struct nl *nl, uint8_t command, struct err *err)
{
	int ret = nl_find_family(nl, err);

	return ret ? ret : !!(nl->commands & BIT64(command));
}

int nl_do(struct nl *nl, struct nlmsghdr *request, nl_reply *reply, void *data, struct err *err)
{
	struct exchange one = { .reply = reply, .data = data };
	int ret;

	/* A reply proves as much as an ack, and each ack costs a system call. */
	request->nlmsg_flags |= reply ? 0 : NLM_F_ACK;
	ret = run_exchange(nl, request, &one, err);
	/*
	 * The module was unloaded after the look-up: no request that reaches a family fails with
	 * ENOENT.
	 */
	if (ret == -ENOENT)
		return no_family(nl, err);
	if (!ret && reply && !one.answered)
		return nl_malformed(err, "it has no reply");
	return ret;
}

int nl_dump(struct nl *nl, struct nlmsghdr *request, nl_reply *reply, void (*restart)(void *data),
	    void *data, struct err *err)
{
	int ret;

	request->nlmsg_flags |= NLM_F_DUMP;
	for (int i = 0; i < DUMP_TRIES; i++) {
		struct exchange dump = { .dump = true, .reply = reply, .data = data };

		ret = run_exchange(nl, request, &dump, err);
		if (ret == -ENOENT)
			return no_family(nl, err);
		if (ret != -ENOBUFS && !(ret == 0 && dump.interrupted))
			return ret;
		restart(data);
		/* The rest of an overrun dump would mix with the next one. */
		if (ret)
			nl_release(nl);
	}
	return err_set(err, EINTR, "the list changed each time it was read");
}
