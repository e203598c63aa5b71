/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "holders-list.h"

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

static DIR *open_directory(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
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

/* Returns 1, 0 where the process cannot be looked at, or -ENOMEM. */
static int look_at(int proc, const char *pid, unsigned int device_major, struct list *list)
{
	_cleanup_directory_ DIR *files = NULL;
	struct holder holder = { .pid = atoi(pid) };
	const struct dirent *entry;
	char path[300];

	snprintf(path, sizeof(path), "%.20s/fd", pid);
	files = open_directory(proc, path);
	/* One that has ended has nothing open. */
	if (!files)
		return errno != EACCES && errno != EPERM;
	while ((entry = readdir(files))) {
		struct stat status;
		struct held *held;

		if (fstatat(dirfd(files), entry->d_name, &status, 0) || !S_ISCHR(status.st_mode) ||
		    major(status.st_rdev) != device_major)
			continue;
		if (!holder.command[0])
			read_command(proc, pid, holder.command, sizeof(holder.command));
		held = list_new(list, sizeof(*held));
		if (!held)
			return -ENOMEM;
		*held = (struct held){ .device = status.st_rdev, .holder = holder };
	}
	return 1;
}

int holders_list(unsigned int device_major, struct list *list, bool *complete)
{
	_cleanup_directory_ DIR *proc = opendir("/proc");
	const struct dirent *entry;

	*complete = proc;
	while (proc && (entry = readdir(proc))) {
		int ret = isdigit((unsigned char)entry->d_name[0])
				  ? look_at(dirfd(proc), entry->d_name, device_major, list)
				  : 1;

		if (ret < 0)
			return ret;
		*complete &= ret;
	}
	return 0;
}
