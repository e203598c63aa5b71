/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pipelines netlink requests: sends them ahead of their answers. */
#include "nl-internal.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <sys/socket.h>

/*
 * Requests in flight at once. For each of them the kernel queues an answer on our socket, or an
 * error message that repeats the request. When the socket's default buffer of 208 KiB is full, the
 * kernel drops further answers and reports ENOBUFS. Root may make the buffer larger.
 */
#define WINDOW	       64
#define LARGE_WINDOW   512
#define RECEIVE_BUFFER (LARGE_WINDOW * 4096)
/* Bytes of these requests. The default send buffer of a socket is 208 KiB as well. */
#define WINDOW_SIZE    (128 * 1024 + NL_REQUEST_SIZE)

struct window {
	const struct nl_pipeline *pipeline;
	void *data;
	size_t first;	   /* index of the first request in it */
	unsigned int sent; /* requests in it */
	unsigned int done; /* answered requests */
	uint32_t sequence; /* sequence number of the first request */
	uint16_t type;
	struct nlmsghdr
		*last; /* its last request, which asks for an ack if there are no other answers */
	size_t used;
	char buffer[WINDOW_SIZE] __attribute__((aligned(8)));
};

/* Fills the window with as many requests as fit. Returns false after the last one. */
static bool fill(struct nl *nl, struct window *window)
{
	/* libmnl does not write the padding of attributes, and it must be zero. */
	memset(window->buffer, 0, window->used);
	window->used = 0;
	window->sent = window->done = 0;
	window->sequence = nl->sequence + 1;
	while (window->sent < nl->window &&
	       window->used + NL_REQUEST_SIZE <= sizeof(window->buffer)) {
		struct nlmsghdr *request = nl_request_small(nl, window->buffer + window->used,
							    window->pipeline->command);

		if (!window->pipeline->build(window->data, window->first + window->sent, request)) {
			memset(request, 0, request->nlmsg_len);
			return false;
		}
		request->nlmsg_type = nl->id;
		request->nlmsg_seq = ++nl->sequence;
		window->last = request;
		window->used += request->nlmsg_len;
		window->sent++;
	}
	return true;
}

/*
 * The kernel always reports failures, in the order of the requests. So a message for one request
 * means that all earlier ones without a message succeeded.
 */
static int take(struct nl *nl, void *data, const struct nlmsghdr *message)
{
	struct window *window = data;
	const struct nl_pipeline *pipeline = window->pipeline;
	const uint32_t place = message->nlmsg_seq - window->sequence;
	struct err err;
	int ret;

	if (place < window->done || place >= window->sent ||
	    (pipeline->reply && place > window->done))
		return NL_MORE;
	if (message->nlmsg_type == NLMSG_ERROR)
		ret = nl_take_ack(nl, message, &err);
	else if (message->nlmsg_type == window->type && pipeline->reply)
		ret = pipeline->reply(message, window->data, window->first + place, &err);
	else
		return NL_MORE;
	while (window->done < place)
		pipeline->done(window->data, window->first + window->done++, 0, NULL);
	pipeline->done(window->data, window->first + window->done++, ret, ret ? &err : NULL);
	return window->done == window->sent ? NL_FINISHED : NL_MORE;
}

static unsigned int window_size(struct nl *nl)
{
	const int bytes = RECEIVE_BUFFER;

	/* Exceeding the system's limit needs CAP_NET_ADMIN; without it, the window stays small. */
	return setsockopt(mnl_socket_get_fd(nl->socket), SOL_SOCKET, SO_RCVBUFFORCE, &bytes,
			  sizeof(bytes))
		       ? WINDOW
		       : LARGE_WINDOW;
}

int nl_pipeline(struct nl *nl, const struct nl_pipeline *pipeline, void *data, struct err *err)
{
	/* Too large to clear for each pipeline: fill() clears what the last one left. */
	static struct window space;
	struct window *window = &space;
	bool more = true;
	int ret = nl_find_family(nl, err);

	if (ret)
		return ret;
	if (!nl->window)
		nl->window = window_size(nl);
	window->pipeline = pipeline;
	window->data = data;
	window->first = 0;
	window->type = nl->id;
	while (!ret && more) {
		more = fill(nl, window);
		if (!window->sent)
			break;
		/* An answer proves as much as an ack, and each ack costs a system call. */
		if (!pipeline->reply)
			window->last->nlmsg_flags |= NLM_F_ACK;
		ret = nl_send(nl, (struct nlmsghdr *)window->buffer, window->used, !pipeline->reply,
			      err);
		if (!ret)
			ret = nl_receive_all(nl, take, window, err);
		window->first += window->sent;
	}
	return ret;
}
