/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The least that a program can do to have the kernel do the work: one socket, the requests, the
 * answers; nothing is checked for hostile bytes, kept or formatted. What the tool takes beyond
 * this is its own. A failure ends with status 1, so that none is ever measured as a success.
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

/* The kernel fills a dump's messages up to this size for a reader who asks for as much. */
#define RECEIVE_SIZE 32768
/* Requests sent at once: few enough that the answers to failures fit into a socket. */
#define BATCH	     64

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

/* Whether @message ends an answer; a failure ends the program. */
static bool is_end(const struct nlmsghdr *message)
{
	int code;

	if (message->nlmsg_type != NLMSG_ERROR && message->nlmsg_type != NLMSG_DONE)
		return false;
	/* Both begin with an errno below zero, or zero. */
	memcpy(&code, NLMSG_DATA(message), sizeof(code));
	if (code)
		fail("the kernel", -code);
	return true;
}

/* Reads all of an answer. Returns the number of messages that carry something. */
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

/* A request without an ack: there is a reply or a failure, and one message in either case. */
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

static void dump(void)
{
	struct request request;

	start(&request, family, NLM_F_DUMP, VDPA_CMD_DEV_GET);
	send_bytes(&request, request.header.nlmsg_len);
	if (!read_answer(false))
		fail("no device", ENODEV);
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

/*
 * Adds the devices PREFIX<from> to PREFIX<to - 1>, many at a time: not measured, but what the
 * measurements need. Only the last of a batch asks for an ack; failures come without.
 */
static void fill(const char *prefix, unsigned int from, unsigned int to, const char *mgmtdev)
{
	static char batch[BATCH * sizeof(struct request)];

	while (from < to) {
		unsigned int end = to - from < BATCH ? to : from + BATCH;
		size_t size = 0;

		for (; from < end; from++) {
			struct request request;
			char name[64];

			snprintf(name, sizeof(name), "%s%u", prefix, from);
			prepare_add(&request, from + 1 == end ? NLM_F_ACK : 0, name, mgmtdev);
			memcpy(batch + size, &request, request.header.nlmsg_len);
			size += request.header.nlmsg_len;
		}
		send_bytes(batch, size);
		read_answer(false);
	}
}

static void usage(void)
{
	fputs("usage: floor version | dump | show NAME | add NAME MGMTDEV | del NAME |\n"
	      "             fill PREFIX FROM TO MGMTDEV\n",
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
		dump();
	else if (strcmp(command, "add") == 0 && argc == 4)
		add(argv[2], argv[3]);
	else if (strcmp(command, "del") == 0 && argc == 3)
		del(argv[2]);
	else if (strcmp(command, "fill") == 0 && argc == 6)
		fill(argv[2], atoi(argv[3]), atoi(argv[4]), argv[5]);
	else
		usage();
	return 0;
}
