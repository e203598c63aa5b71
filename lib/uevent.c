/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "uevent.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* The multicast group that the kernel itself sends to; udev's own messages go to another. */
#define KERNEL_GROUP 1

static int failed(struct err *err)
{
	return err_set(err, errno, "kernel events: %s", err_words(errno));
}

int uevents_open(struct uevents *uevents, size_t size, struct err *err)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP };
	const int bytes = (int)size;

	uevents->length = 0;
	uevents->fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			     NETLINK_KOBJECT_UEVENT);
	if (uevents->fd < 0)
		return failed(err);
	if (setsockopt(uevents->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(uevents->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (bind(uevents->fd, (const struct sockaddr *)&address, sizeof(address)))
		return failed(err);
	return 0;
}

void uevents_release(struct uevents *uevents)
{
	if (uevents->fd >= 0)
		close(uevents->fd);
	uevents->fd = -1;
}

/* An event is its header, "ACTION@DEVPATH", and then "KEY=value", each with a NUL at its end. */
static bool parse(struct uevents *uevents, struct uevent *uevent)
{
	const char *end = uevents->buffer + uevents->length;

	*uevent = (struct uevent){ .subsystem = "" };
	/* The last byte is a NUL of ours: what has none ends there. */
	for (const char *word = uevents->buffer; word < end; word += strlen(word) + 1) {
		if (str_starts(word, "ACTION="))
			uevent->action = strchr(word, '=') + 1;
		else if (str_starts(word, "DEVPATH="))
			uevent->devpath = strchr(word, '=') + 1;
		else if (str_starts(word, "SUBSYSTEM="))
			uevent->subsystem = strchr(word, '=') + 1;
		else if (str_starts(word, "DRIVER="))
			uevent->driver = strchr(word, '=') + 1;
	}
	if (!uevent->action || !uevent->devpath || !strchr(uevent->devpath, '/'))
		return false;
	uevent->name = strrchr(uevent->devpath, '/') + 1;
	return true;
}

/* Returns 1 with an event in the buffer, 0 for none or none of the kernel's, or -1 with errno. */
static int receive(struct uevents *uevents)
{
	struct sockaddr_nl from = { 0 };
	socklen_t size = sizeof(from);
	ssize_t length = recvfrom(uevents->fd, uevents->buffer, sizeof(uevents->buffer) - 1,
				  MSG_TRUNC, (struct sockaddr *)&from, &size);

	if (length < 0)
		return errno == EAGAIN ? 0 : -1;
	/* Processes may send as well; longer than any event is none. */
	if (from.nl_pid || (size_t)length >= sizeof(uevents->buffer))
		return 0;
	uevents->length = (size_t)length;
	uevents->buffer[length] = '\0';
	return 1;
}

int uevents_receive(struct uevents *uevents, int milliseconds, struct uevent *uevent,
		    struct err *err)
{
	struct pollfd ready = { .fd = uevents->fd, .events = POLLIN };

	for (;;) {
		int ret = receive(uevents);

		if (ret < 0)
			return failed(err);
		if (ret && parse(uevents, uevent))
			return 1;
		if (ret)
			continue;
		ret = poll(&ready, 1, milliseconds);
		if (ret < 0)
			return failed(err);
		if (!ret)
			return 0;
	}
}
