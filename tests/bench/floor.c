/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lower bound for vdpa: the system calls that its work needs, and nothing else. */

/*
 * Makes the kernel do the same work as vdpa with the least effort: one socket, the requests and the
 * answers. No answer is validated, kept or formatted. The time that vdpa needs beyond this is its
 * own. A failure ends with status 1, so that it is never measured as a success.
 */
#include "abi/vdpa.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel fills datagrams of a dump up to this size if the reader's buffer is as large. */
#define RECEIVE_SIZE 32768
/* Requests in one send: few enough that the answers fit into the socket even if all fail. */
#define BATCH	     64
/* A simulated network device has this many queues. */
#define QUEUES	     3

struct request {
	struct nlmsghdr header;
	struct genlmsghdr generic;
	char attributes[512];
};

static int netlink;
static uint16_t family;
static char buffer[RECEIVE_SIZE] __attribute__((aligned(8)));

static void fail(const char *what, int code)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(code));
	exit(1);
}

static void start(struct request *request, uint16_t type, uint16_t flags, uint8_t command)
{
	request->header = (struct nlmsghdr){
		.nlmsg_len = offsetof(struct request, attributes),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | flags,
	};
	request->generic = (struct genlmsghdr){ .cmd = command, .version = VDPA_GENL_VERSION };
}

static void put(struct request *request, uint16_t type, const char *string)
{
	struct nlattr attr = { .nla_len = sizeof(attr) + strlen(string) + 1, .nla_type = type };
	size_t end = request->header.nlmsg_len + NLA_ALIGN(attr.nla_len);

	if (end > sizeof(*request))
		fail(string, ENAMETOOLONG);
	memset((char *)request + end - NLA_ALIGNTO, 0, NLA_ALIGNTO);
	memcpy((char *)request + request->header.nlmsg_len, &attr, sizeof(attr));
	strcpy((char *)request + request->header.nlmsg_len + sizeof(attr), string);
	request->header.nlmsg_len = end;
}

static void send_bytes(const void *bytes, size_t size)
{
	if (send(netlink, bytes, size, 0) != (ssize_t)size)
		fail("send", errno);
}

static size_t receive(void)
{
	ssize_t size = recv(netlink, buffer, sizeof(buffer), MSG_TRUNC);

	if (size < 0)
		fail("recv", errno);
	if ((size_t)size > sizeof(buffer))
		fail("recv", EMSGSIZE);
	return size;
}

/* Returns whether @message ends an answer. A failure ends the program. */
static bool is_end(const struct nlmsghdr *message)
{
	int code;

	if (message->nlmsg_type != NLMSG_ERROR && message->nlmsg_type != NLMSG_DONE)
		return false;
	/* Both types start with 0 or a negative errno. */
	memcpy(&code, NLMSG_DATA(message), sizeof(code));
	if (code)
		fail("the kernel", -code);
	return true;
}

/* Reads a whole answer. Returns the number of its messages without the one that ends it. */
static size_t read_answer(bool show)
{
	size_t count = 0;

	for (;;) {
		size_t size = receive();
		const struct nlmsghdr *message = (const struct nlmsghdr *)buffer;

		for (; NLMSG_OK(message, size); message = NLMSG_NEXT(message, size)) {
			if (is_end(message))
				return count;
			count++;
			if (show && write(STDOUT_FILENO, message, message->nlmsg_len) < 0)
				fail("write", errno);
		}
	}
}

/* Asks without NLM_F_ACK, so that exactly one message arrives: the reply or a failure. */
static void find_family(void)
{
	struct request request;
	const struct nlattr *attr;
	const char *end;

	netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (netlink < 0)
		fail("socket", errno);
	start(&request, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	put(&request, CTRL_ATTR_FAMILY_NAME, VDPA_GENL_NAME);
	send_bytes(&request, request.header.nlmsg_len);
	end = buffer + receive();
	is_end((const struct nlmsghdr *)buffer);
	attr = (const struct nlattr *)(buffer + offsetof(struct request, attributes));
	while ((const char *)(attr + 1) < end && attr->nla_type != CTRL_ATTR_FAMILY_ID)
		attr = (const struct nlattr *)((const char *)attr + NLA_ALIGN(attr->nla_len));
	if ((const char *)(attr + 1) >= end)
		fail("the family's number", ENOENT);
	memcpy(&family, attr + 1, sizeof(family));
}

static void show(const char *name)
{
	struct request request;

	start(&request, family, NLM_F_ACK, VDPA_CMD_DEV_GET);
	put(&request, VDPA_ATTR_DEV_NAME, name);
	send_bytes(&request, request.header.nlmsg_len);
	if (read_answer(true) != 1)
		fail(name, EBADMSG);
}

static void dump(uint8_t command)
{
	struct request request;

	start(&request, family, NLM_F_DUMP, command);
	send_bytes(&request, request.header.nlmsg_len);
	if (!read_answer(false))
		fail("no device", ENODEV);
}

/* The list of configurations needs two dumps: the devices and their configurations. */
static void configs(void)
{
	dump(VDPA_CMD_DEV_GET);
	dump(VDPA_CMD_DEV_CONFIG_GET);
}

static void prepare_add(struct request *request, uint16_t flags, const char *name,
			const char *mgmtdev)
{
	start(request, family, flags, VDPA_CMD_DEV_NEW);
	put(request, VDPA_ATTR_DEV_NAME, name);
	put(request, VDPA_ATTR_MGMTDEV_DEV_NAME, mgmtdev);
}

static void add(const char *name, const char *mgmtdev)
{
	struct request request;

	prepare_add(&request, NLM_F_ACK, name, mgmtdev);
	send_bytes(&request, request.header.nlmsg_len);
	read_answer(false);
}

static void del(const char *name)
{
	struct request request;

	start(&request, family, NLM_F_ACK, VDPA_CMD_DEV_DEL);
	put(&request, VDPA_ATTR_DEV_NAME, name);
	send_bytes(&request, request.header.nlmsg_len);
	read_answer(false);
}

/* Builds the request for number @index. @last: it is the last one of a send. */
typedef void put_request(struct request *request, const char *prefix, unsigned int index, bool last,
			 const char *mgmtdev);

/*
 * Sends the requests @from to @to - 1, pipelined. Returns the number of replies.
 */
static size_t make_many(put_request *prepare, const char *prefix, unsigned int from,
			unsigned int to, const char *mgmtdev)
{
	static char batch[BATCH * sizeof(struct request)];
	size_t count = 0;

	while (from < to) {
		unsigned int end = to - from < BATCH ? to : from + BATCH;
		size_t size = 0;

		for (; from < end; from++) {
			struct request request;

			prepare(&request, prefix, from, from + 1 == end, mgmtdev);
			memcpy(batch + size, &request, request.header.nlmsg_len);
			size += request.header.nlmsg_len;
		}
		send_bytes(batch, size);
		count += read_answer(false);
	}
	return count;
}

/* Only the last request of a send asks for an ack; the kernel reports failures without one. */
static void prepare_fill(struct request *request, const char *prefix, unsigned int index, bool last,
			 const char *mgmtdev)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%u", prefix, index);
	prepare_add(request, last ? NLM_F_ACK : 0, name, mgmtdev);
}

static void prepare_empty(struct request *request, const char *prefix, unsigned int index,
			  bool last, const char *mgmtdev)
{
	char name[64];

	(void)mgmtdev;
	snprintf(name, sizeof(name), "%s%u", prefix, index);
	start(request, family, last ? NLM_F_ACK : 0, VDPA_CMD_DEV_DEL);
	put(request, VDPA_ATTR_DEV_NAME, name);
}

static void prepare_stats(struct request *request, const char *prefix, unsigned int index,
			  bool last, const char *mgmtdev)
{
	struct nlattr attr = { .nla_len = sizeof(attr) + sizeof(uint32_t),
			       .nla_type = VDPA_ATTR_DEV_QUEUE_INDEX };
	uint32_t queue = index % QUEUES;
	char name[64], *end;

	(void)mgmtdev;
	snprintf(name, sizeof(name), "%s%u", prefix, index / QUEUES);
	start(request, family, last ? NLM_F_ACK : 0, VDPA_CMD_DEV_VSTATS_GET);
	put(request, VDPA_ATTR_DEV_NAME, name);
	end = (char *)request + request->header.nlmsg_len;
	memcpy(end, &attr, sizeof(attr));
	memcpy(end + sizeof(attr), &queue, sizeof(queue));
	request->header.nlmsg_len += attr.nla_len;
}

static void stats(const char *prefix, unsigned int from, unsigned int to)
{
	if (make_many(prepare_stats, prefix, from * QUEUES, to * QUEUES, NULL) !=
	    (size_t)(to - from) * QUEUES)
		fail("statistics", ENODATA);
}

static void usage(void)
{
	fputs("usage: floor version | dump | show NAME | add NAME MGMTDEV | del NAME |\n"
	      "             configs | stats PREFIX FROM TO |\n"
	      "             fill PREFIX FROM TO MGMTDEV | empty PREFIX FROM TO\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (strcmp(command, "version") == 0)
		return 0;
	find_family();
	if (strcmp(command, "show") == 0 && argc == 3)
		show(argv[2]);
	else if (strcmp(command, "dump") == 0 && argc == 2)
		dump(VDPA_CMD_DEV_GET);
	else if (strcmp(command, "configs") == 0 && argc == 2)
		configs();
	else if (strcmp(command, "add") == 0 && argc == 4)
		add(argv[2], argv[3]);
	else if (strcmp(command, "del") == 0 && argc == 3)
		del(argv[2]);
	else if (strcmp(command, "fill") == 0 && argc == 6)
		make_many(prepare_fill, argv[2], atoi(argv[3]), atoi(argv[4]), argv[5]);
	else if (strcmp(command, "empty") == 0 && argc == 5)
		make_many(prepare_empty, argv[2], atoi(argv[3]), atoi(argv[4]), NULL);
	else if (strcmp(command, "stats") == 0 && argc == 5)
		stats(argv[2], atoi(argv[3]), atoi(argv[4]));
	else
		usage();
	return 0;
}
