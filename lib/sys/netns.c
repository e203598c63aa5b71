/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the network namespaces of the host and enters them. */
#include "sys/netns.h"

#include "base/list.h"
#include "sys/sysfs.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES "/run/netns"

struct walk {
	netns_visit *visit;
	void *data;
	struct list seen; /* inode numbers */
};

/* Returns whether the namespace was not seen before. */
static bool see(struct walk *walk, ino_t number)
{
	ino_t *seen;

	for (size_t i = 0; i < walk->seen.count; i++)
		if (*(const ino_t *)walk->seen.items[i] == number)
			return false;
	seen = list_new(&walk->seen, sizeof(*seen));
	if (seen)
		*seen = number;
	return seen;
}

static void enter(struct walk *walk, const char *path, const char *name)
{
	_cleanup_close_ int fd = -1;
	struct stat status;

	/* Most processes are in the same namespace, which need not be opened again. */
	if (stat(path, &status) || !see(walk, status.st_ino))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !setns(fd, CLONE_NEWNET))
		walk->visit(walk->data, name);
}

static int enter_named(void *data, const char *name)
{
	char path[NETNS_NAME_SIZE + sizeof(NAMES) + 1];

	snprintf(path, sizeof(path), NAMES "/%.255s", name);
	enter(data, path, name);
	return 0;
}

static int enter_process(void *data, const char *name)
{
	char path[64];

	if (name[strspn(name, "0123456789")])
		return 0;
	snprintf(path, sizeof(path), "/proc/%.20s/ns/net", name);
	enter(data, path, path);
	return 0;
}

void netns_each(netns_visit *visit, void *data)
{
	struct walk walk = { .visit = visit, .data = data };
	struct stat own;

	if (stat("/proc/self/ns/net", &own))
		return;
	see(&walk, own.st_ino);
	/* Names of "ip netns" come first, because users know them. */
	sysfs_each(NAMES, enter_named, &walk);
	sysfs_each("/proc", enter_process, &walk);
	list_clear(&walk.seen);
}
