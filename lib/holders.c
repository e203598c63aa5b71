/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "holders.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define _cleanup_directory_ _cleanup_(close_directory)

/* Reads a file of the process @pid, at most @size - 1 bytes of it; nothing where it has ended. */
static void read_about(int proc, const char *pid, const char *file, char *text, size_t size)
{
	char path[300];
	ssize_t length = -1;
	int fd;

	snprintf(path, sizeof(path), "%.20s/%s", pid, file);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, text, size - 1);
		close(fd);
	}
	text[length > 0 ? length : 0] = '\0';
}

/* Field 22 of proc_pid_stat(5). Only behind the last parenthesis a blank ends a field. */
static unsigned long long read_start(int proc, const char *pid)
{
	char text[512];
	const char *at;
	int field = 2;

	read_about(proc, pid, "stat", text, sizeof(text));
	at = strrchr(text, ')');
	while (at && field < 22) {
		at = strchr(at + 1, ' ');
		field++;
	}
	return at ? strtoull(at + 1, NULL, 10) : 0;
}

/* What is true of the process whatever it has open: read when it is found to hold a device. */
static void describe_process(int proc, const char *pid, struct holder *holder)
{
	holder->pid = atoi(pid);
	holder->started = read_start(proc, pid);
	read_about(proc, pid, "comm", holder->command, sizeof(holder->command));
	holder->command[strcspn(holder->command, "\n")] = '\0';
}

/* Adds a holder of @device to @holders, unless its process, whose holders begin at @first, has it.
 */
static int add(struct list *holders, size_t first, int proc, const char *pid, dev_t device)
{
	struct holder *holder;

	for (size_t i = first; i < holders->count; i++)
		if (((const struct holder *)holders->items[i])->device == device)
			return 0;
	holder = list_new(holders, sizeof(*holder));
	if (!holder)
		return -ENOMEM;
	if (holders->count > first + 1)
		*holder = *(const struct holder *)holders->items[first];
	else
		describe_process(proc, pid, holder);
	holder->device = device;
	return 0;
}

/*
 * Processes come and go while we look: one that has ended has nothing open. Returns 1, 0 where the
 * process cannot be looked at, or -ENOMEM.
 */
static int look_at_process(int proc, const char *pid, unsigned int major_number,
			   struct list *holders)
{
	_cleanup_directory_ DIR *files = NULL;
	const struct dirent *entry;
	size_t first = holders->count;
	char path[300], nothing[1];
	int fd, ret = 0;

	/* The kernel's own threads have neither a program nor files, and are many. */
	snprintf(path, sizeof(path), "%.20s/exe", pid);
	if (readlinkat(proc, path, nothing, sizeof(nothing)) < 0)
		return errno != EACCES && errno != EPERM;
	snprintf(path, sizeof(path), "%.20s/fd", pid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ESRCH;
	files = fdopendir(fd);
	if (!files) {
		close(fd);
		return -ENOMEM;
	}
	while (!ret && (entry = readdir(files))) {
		struct statx status;

		/* A file on a server that does not answer must not keep us. */
		if (statx(dirfd(files), entry->d_name, AT_STATX_DONT_SYNC, STATX_TYPE, &status) ||
		    !S_ISCHR(status.stx_mode) || status.stx_rdev_major != major_number)
			continue;
		ret = add(holders, first, proc, pid,
			  makedev(status.stx_rdev_major, status.stx_rdev_minor));
	}
	return ret ? ret : 1;
}

/* The kernel gives the first namespace of processes this number on every boot. */
#define INITIAL_PID_NAMESPACE 0xEFFFFFFC

/*
 * Whether /proc shows all processes of the machine: not in a container, and not where it hides
 * those of others, the first of all among them.
 */
static bool shows_all(int proc)
{
	struct stat status;

	return !fstatat(proc, "self/ns/pid", &status, 0) &&
	       status.st_ino == INITIAL_PID_NAMESPACE && !faccessat(proc, "1", F_OK, 0);
}

/* Numbers of processes begin anew some day, so that they do not tell who is older. */
static int by_age(const void *a, const void *b)
{
	const struct holder *first = *(const struct holder *const *)a;
	const struct holder *second = *(const struct holder *const *)b;

	if (first->started != second->started)
		return first->started < second->started ? -1 : 1;
	return (first->pid > second->pid) - (first->pid < second->pid);
}

int holders_collect(unsigned int major_number, struct list *holders, bool *complete)
{
	_cleanup_directory_ DIR *proc = opendir("/proc");
	const struct dirent *entry;

	*complete = proc && shows_all(dirfd(proc));
	while (proc && (entry = readdir(proc))) {
		int ret = 1;

		if (isdigit((unsigned char)entry->d_name[0]))
			ret = look_at_process(dirfd(proc), entry->d_name, major_number, holders);
		if (ret < 0)
			return ret;
		*complete &= ret;
	}
	if (holders->count)
		qsort(holders->items, holders->count, sizeof(holders->items[0]), by_age);
	return 0;
}

int holders_find_device(dev_t device, struct holder *holder)
{
	_cleanup_(list_clear) struct list holders = { 0 };
	bool complete;

	holders_collect(major(device), &holders, &complete);
	for (size_t i = 0; i < holders.count; i++) {
		*holder = *(const struct holder *)holders.items[i];
		if (holder->device == device)
			return 1;
	}
	return 0;
}

int holders_find(const char *path, struct holder *holder)
{
	struct stat node;

	if (stat(path, &node) || !S_ISCHR(node.st_mode))
		return 0;
	return holders_find_device(node.st_rdev, holder);
}
