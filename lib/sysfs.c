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

bool sysfs_read(const char *path, char *text, size_t size)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);

	if (length <= 0)
		return false;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return true;
}

uint64_t sysfs_uevent_sequence(void)
{
	char text[32];

	if (!sysfs_read("/sys/kernel/uevent_seqnum", text, sizeof(text)))
		return 0;
	return strtoull(text, NULL, 10);
}

bool sysfs_is(const char *path, char byte)
{
	char text[32];

	return sysfs_read(path, text, sizeof(text)) && text[0] == byte;
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

int sysfs_each(const char *path, int (*entry)(void *data, const char *name), void *data)
{
	DIR *directory = opendir(path);
	const struct dirent *found;
	int ret = 0;

	while (directory && !ret && (found = readdir(directory)))
		if (!str_equal(found->d_name, ".") && !str_equal(found->d_name, ".."))
			ret = entry(data, found->d_name);
	if (directory)
		closedir(directory);
	return ret;
}

bool sysfs_each_line(const char *path, void (*line)(void *data, const char *text), void *data)
{
	FILE *file = fopen(path, "re");
	bool inside = false; /* of a line whose beginning was handed over */
	char text[1024];

	if (!file)
		return false;
	while (fgets(text, sizeof(text), file)) {
		size_t length = strcspn(text, "\n");
		bool whole = text[length] == '\n';

		text[length] = '\0';
		if (!inside)
			line(data, text);
		inside = !whole;
	}
	fclose(file);
	return true;
}
