/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Receives the kernel's events of devices (uevents). */
#include "sys/uevent.h"

#include "base/clock.h"
#include "sys/guard.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* The multicast group that the kernel itself sends to; udev's own messages go to another. */
#define KERNEL_GROUP 1

/* The inode of the initial user namespace: PROC_USER_INIT_INO of include/linux/proc_ns.h. */
#define INITIAL_USER_NAMESPACE 0xeffffffd

/* How long to sleep if no events come, in ms. */
#define WITHOUT_EVENTS 1000

static int failed(int code, struct err *err)
{
	return err_set(err, code, "kernel events: %s", err_words(code));
}

int uevents_open(struct uevents *uevents, size_t size, struct err *err)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP };
	const int bytes = (int)size;

	uevents->reader = -1;
	uevents->length = 0;
	uevents->fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			     NETLINK_KOBJECT_UEVENT);
	if (uevents->fd < 0)
		return failed(errno, err);
	/* Only root may exceed the system's limit, net.core.rmem_max; others get what it allows. */
	if (setsockopt(uevents->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(uevents->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (bind(uevents->fd, (const struct sockaddr *)&address, sizeof(address)))
		return failed(errno, err);
	return 0;
}

void uevents_release(struct uevents *uevents)
{
	if (uevents->fd >= 0)
		close(uevents->fd);
	uevents->fd = -1;
}

/* Takes the value of a variable "KEY=value". The first one counts. */
static void take(const char *word, const char *key, const char **value)
{
	size_t length = strlen(key);

	if (!*value && !strncmp(word, key, length) && word[length] == '=')
		*value = word + length + 1;
}

/*
 * Parses an event: the header "ACTION@DEVPATH" and then variables "KEY=value", each terminated by
 * NUL. Returns false for anything else, and for an event that reports nothing new.
 */
static bool parse(const struct uevents *uevents, struct uevent *uevent)
{
	const char *end = uevents->buffer + uevents->length, *repeated = NULL, *slash;

	*uevent = (struct uevent){ 0 };
	/* The buffer ends with a NUL of our own, which terminates an unterminated variable. */
	for (const char *word = uevents->buffer; word < end; word += strlen(word) + 1) {
		take(word, "ACTION", &uevent->action);
		take(word, "DEVPATH", &uevent->devpath);
		take(word, "SUBSYSTEM", &uevent->subsystem);
		take(word, "DRIVER", &uevent->driver);
		take(word, "SYNTH_UUID", &repeated);
	}
	slash = uevent->devpath ? strrchr(uevent->devpath, '/') : NULL;
	if (!uevent->action || !slash || repeated)
		return false;
	uevent->name = slash + 1;
	if (!uevent->subsystem)
		uevent->subsystem = "";
	return true;
}

/* Returns 1 with a message in the buffer, 0 for one that is not the kernel's, or -errno. */
static int receive(struct uevents *uevents)
{
	struct sockaddr_nl from = { 0 };
	socklen_t size = sizeof(from);
	ssize_t length = recvfrom(uevents->fd, uevents->buffer, sizeof(uevents->buffer) - 1,
				  MSG_TRUNC, (struct sockaddr *)&from, &size);

	if (length < 0)
		return -errno;
	/*
	 * Processes can send messages as well, and a message that fills the buffer is not an event.
	 */
	if (from.nl_pid || (size_t)length >= sizeof(uevents->buffer))
		return 0;
	uevents->length = (size_t)length;
	uevents->buffer[length] = '\0';
	return 1;
}

/* Returns 1 when there may be something to receive, 0 when the time is up, or -errno. */
static int wait_until(const struct uevents *uevents, int64_t end)
{
	struct pollfd files[] = { { .fd = uevents->fd, .events = POLLIN },
				  { .fd = uevents->reader } };
	int64_t left = end < 0 ? -1 : end - clock_milliseconds();
	int ret = poll(files, ARRAY_SIZE(files), end < 0 ? -1 : left < 0 ? 0 : (int)left);

	if (ret < 0)
		return -errno;
	return files[1].revents ? -EPIPE : ret;
}

int uevents_receive(struct uevents *uevents, int milliseconds, struct uevent *uevent,
		    struct err *err)
{
	const int64_t end = milliseconds < 0 ? -1 : clock_milliseconds() + milliseconds;

	for (;;) {
		int ret = receive(uevents);

		if (ret > 0 && parse(uevents, uevent))
			return 1;
		/* Wait only after everything that had arrived was examined. */
		if (ret == -EAGAIN) {
			ret = wait_until(uevents, end);
			if (!ret)
				return 0;
		}
		if (ret < 0)
			return failed(-ret, err);
	}
}

/*
 * The kernel sends events only into network namespaces that belong to the initial user namespace. A
 * rootless container has a user namespace of its own and gets none. If we cannot find out, assume
 * that none come.
 */
static bool events_come(void)
{
	_cleanup_close_ int network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), owner = -1;
	struct stat status;

	/* A kernel without user namespaces has only the initial one. */
	if (network < 0 || !sysfs_exists("/proc/self/ns/user"))
		return network >= 0;
	owner = ioctl(network, NS_GET_USERNS);
	return owner >= 0 && !fstat(owner, &status) && status.st_ino == INITIAL_USER_NAMESPACE;
}

static bool is_of(const struct uevent *uevent, const char *const *subsystems)
{
	while (*subsystems && !str_equal(uevent->subsystem, *subsystems))
		subsystems++;
	return *subsystems;
}

int uevents_sleep(struct uevents *uevents, const char *const *subsystems, int64_t end,
		  struct err *err)
{
	struct uevent uevent;
	int ret;

	if (!events_come() && (end < 0 || end - clock_milliseconds() > WITHOUT_EVENTS))
		end = clock_milliseconds() + WITHOUT_EVENTS;
	do {
		int64_t left = end - clock_milliseconds();

		left = left < 0 ? 0 : left > INT_MAX ? INT_MAX : left;
		ret = uevents_receive(uevents, end < 0 ? -1 : (int)left, &uevent, err);
	} while (ret > 0 && !is_of(&uevent, subsystems));
	if (ret == -EINTR)
		return guard_check(err);
	/* The event may be among those that were lost. */
	return ret == -ENOBUFS || ret > 0 ? 0 : ret;
}
