/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "holders.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define _cleanup_directory_ _cleanup_(close_directory)

/* Processes come and go while we look: what cannot be opened has nothing open. */
static bool has_open(int proc, const char *pid, dev_t device)
{
	_cleanup_directory_ DIR *files = NULL;
	const struct dirent *entry;
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "%.20s/fd", pid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	files = fd < 0 ? NULL : fdopendir(fd);
	while (files && (entry = readdir(files))) {
		struct stat status;

		if (!fstatat(dirfd(files), entry->d_name, &status, 0) && S_ISCHR(status.st_mode) &&
		    status.st_rdev == device)
			return true;
	}
	return false;
}

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

int holders_find(const char *path, struct holder *holder)
{
	_cleanup_directory_ DIR *proc = NULL;
	const struct dirent *entry;
	struct stat node;

	if (stat(path, &node) || !S_ISCHR(node.st_mode))
		return 0;
	proc = opendir("/proc");
	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !has_open(dirfd(proc), entry->d_name, node.st_rdev))
			continue;
		holder->pid = atoi(entry->d_name);
		read_command(dirfd(proc), entry->d_name, holder->command, sizeof(holder->command));
		return 1;
	}
	return 0;
}
