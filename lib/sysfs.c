/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sysfs.h"

#include <fcntl.h>
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

uint64_t sysfs_uevent_sequence(void)
{
	_cleanup_close_ int fd = open("/sys/kernel/uevent_seqnum", O_RDONLY | O_CLOEXEC);
	char text[32];
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (length <= 0)
		return 0;
	text[length] = '\0';
	return strtoull(text, NULL, 10);
}
