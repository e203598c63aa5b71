/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * A kernel that answers from a script, loaded in place of libmnl's sockets (LD_PRELOAD), for
 * answers that a real one does not give on demand. FAKE_SCRIPT is a file as talk.py writes it:
 *
 *   send HEX       the next request must be this, its sequence number and port taken as 0
 *   sendfail N     sending it fails with errno N instead
 *   recv HEX       the next datagram; a sequence number of ffffffff becomes the request's
 *   recvfail N     receiving fails with errno N
 *
 * FAKE_LOG gets a line for each call, and one that begins with "WRONG" for whatever the script
 * did not expect, what is left of it at the end included.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 200000

struct mnl_socket {
	int opened;
};

static struct mnl_socket the_socket;
static FILE *script, *record;
static char line[LINE_SIZE];
static uint32_t sequence;

static void say(const char *what, const char *more)
{
	if (record) {
		fprintf(record, "%s %s\n", what, more);
		fflush(record);
	}
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FAKE_SCRIPT"), *log = getenv("FAKE_LOG");

	script = path ? fopen(path, "r") : NULL;
	record = log ? fopen(log, "a") : NULL;
}

__attribute__((destructor)) static void end(void)
{
	while (script && fgets(line, sizeof(line), script))
		say("WRONG: left over:", strtok(line, "\n"));
}

/* Reads the next line; returns what stands behind its word, or NULL if the word is another. */
static char *next(const char *word)
{
	long start = script ? ftell(script) : 0;
	size_t length = strlen(word);

	if (!script || !fgets(line, sizeof(line), script))
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	if (!strncmp(line, word, length) && line[length] == ' ')
		return line + length + 1;
	fseek(script, start, SEEK_SET);
	return NULL;
}

static size_t from_hex(const char *hex, unsigned char *bytes, size_t size)
{
	size_t count = 0;
	unsigned int byte;

	for (; count < size && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		bytes[count++] = byte;
	return count;
}

static void to_hex(const unsigned char *bytes, size_t count, char *hex)
{
	*hex = '\0';
	for (size_t i = 0; i < count; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
}

struct mnl_socket *mnl_socket_open(int bus)
{
	say("open", bus == NETLINK_GENERIC ? "generic" : "WRONG bus");
	the_socket.opened++;
	return &the_socket;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	return nl == &the_socket && !groups && !pid ? 0 : -1;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf, socklen_t len)
{
	return nl == &the_socket && type && buf && len ? 0 : -1;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	nl->opened--;
	say("close", "");
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	return nl == &the_socket ? -1 : 0;
}

/* Requests are sent by a process of their own, which needs our files as well. */
int close_range(unsigned int first, unsigned int last, int flags)
{
	return first <= last && !flags ? 0 : -1;
}

static int wrong(const char *what, const char *more)
{
	say(what, more);
	errno = EPROTO;
	return -1;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t siz)
{
	static char hex[2 * 65536 + 1];
	static unsigned char request[65536];
	struct nlmsghdr *header = (struct nlmsghdr *)request;
	const char *expected = next("sendfail");

	(void)nl;
	if (expected) {
		errno = atoi(expected);
		say("sendfail", expected);
		return -1;
	}
	memcpy(request, req, siz);
	sequence = header->nlmsg_seq;
	header->nlmsg_seq = header->nlmsg_pid = 0;
	to_hex(request, siz, hex);
	say("send", hex);
	expected = next("send");
	if (!expected)
		return wrong("WRONG: sent too much:", hex);
	if (strcmp(expected, hex) && strcmp(expected, "*"))
		return wrong("WRONG: expected:", expected);
	return siz;
}

/* Puts the sequence number in where the script left it open. */
static void fill_in(unsigned char *bytes, size_t length)
{
	struct nlmsghdr *header = (struct nlmsghdr *)bytes;

	while (length >= sizeof(*header)) {
		size_t size = MNL_ALIGN(header->nlmsg_len);

		if (header->nlmsg_seq == UINT32_MAX)
			header->nlmsg_seq = sequence;
		if (size < sizeof(*header) || size > length)
			return;
		length -= size;
		header = (struct nlmsghdr *)((unsigned char *)header + size);
	}
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t siz)
{
	static unsigned char bytes[LINE_SIZE / 2] __attribute__((aligned(8)));
	const char *answer = next("recvfail");
	size_t length;

	(void)nl;
	if (answer) {
		errno = atoi(answer);
		say("recvfail", answer);
		return -1;
	}
	answer = next("recv");
	if (!answer)
		return wrong("WRONG: received too much", "");
	length = from_hex(answer, bytes, sizeof(bytes));
	fill_in(bytes, length);
	/* As libmnl says that a datagram was longer than the buffer. */
	if (length > siz) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(buf, bytes, length);
	return length;
}
