/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "holders.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define _cleanup_directory_ _cleanup_(close_directory)

static void read_command(int proc, const char *pid, char *command, size_t size)
{
	char path[300];
	ssize_t length = -1;
	int fd;

	snprintf(path, sizeof(path), "%.20s/comm", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, command, size - 1);
		close(fd);
	}
	command[length > 0 ? length : 0] = '\0';
	command[strcspn(command, "\n")] = '\0';
}

/* Whether @holders, from @first on, which are those of one process, have the device already. */
static bool is_listed(const struct list *holders, size_t first, dev_t device)
{
	for (size_t i = first; i < holders->count; i++)
		if (((const struct holder *)holders->items[i])->device == device)
			return true;
	return false;
}

static int add(struct list *holders, int proc, const char *pid, dev_t device)
{
	struct holder *holder = list_new(holders, sizeof(*holder));

	if (!holder)
		return -ENOMEM;
	*holder = (struct holder){ .device = device, .pid = atoi(pid) };
	read_command(proc, pid, holder->command, sizeof(holder->command));
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
		dev_t device;

		/* A file on a server that does not answer must not keep us. */
		if (statx(dirfd(files), entry->d_name, AT_STATX_DONT_SYNC, STATX_TYPE, &status) ||
		    !S_ISCHR(status.stx_mode) || status.stx_rdev_major != major_number)
			continue;
		device = makedev(status.stx_rdev_major, status.stx_rdev_minor);
		if (!is_listed(holders, first, device))
			ret = add(holders, proc, pid, device);
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
