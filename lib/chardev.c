/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chardev.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

int chardev_open(const char *path, struct err *err)
{
	struct stat status;
	int fd;

	if (stat(path, &status))
		return err_set(err, errno, "open %s: %s", path, err_words(errno));
	if (!S_ISCHR(status.st_mode))
		return err_set_status(err, STATUS_FAILED, ENODEV,
				      "open %s: it is no character device", path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, errno, "open %s: %s", path, err_words(errno));
	return fd;
}

int chardev_ioctl(int fd, unsigned long number, void *argument)
{
	int ret;

	do
		ret = ioctl(fd, number, argument);
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : ret;
}
