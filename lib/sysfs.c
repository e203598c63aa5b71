/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sysfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

bool sysfs_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

int sysfs_lock(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		flock(fd, LOCK_EX);
	return fd;
}

/* Reads an attribute into @text; false where it cannot be read, or is empty. */
static bool read_text(const char *path, char *text, size_t size)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);

	if (length <= 0)
		return false;
	text[length] = '\0';
	return true;
}

uint64_t sysfs_uevent_sequence(void)
{
	char text[32];

	if (!read_text("/sys/kernel/uevent_seqnum", text, sizeof(text)))
		return 0;
	return strtoull(text, NULL, 10);
}

bool sysfs_is(const char *path, char byte)
{
	char text[32];

	return read_text(path, text, sizeof(text)) && text[0] == byte;
}

bool sysfs_find(const char *path, const char *prefix, char *name, size_t size)
{
	const struct dirent *entry;
	DIR *directory = opendir(path);
	bool found = false;

	while (directory && !found && (entry = readdir(directory))) {
		found = str_starts(entry->d_name, prefix);
		if (found)
			snprintf(name, size, "%s", entry->d_name);
	}
	if (directory)
		closedir(directory);
	return found;
}
