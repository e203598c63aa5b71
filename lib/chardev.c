/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Character devices: opening, ioctl, and closing one that may take its time. */
#include "chardev.h"

#include "guard.h"

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

struct request {
	int fd;
	unsigned long number;
	void *argument;
};

static ssize_t make_request(const void *data)
{
	const struct request *request = data;

	return ioctl(request->fd, request->number, request->argument);
}

int chardev_ioctl_patiently(int fd, unsigned long number, void *argument)
{
	struct request request = { .fd = fd, .number = number, .argument = argument };
	int ret;

	do
		ret = (int)guard_call(make_request, &request, true);
	while (ret < 0 && errno == EINTR && !guard_signal());
	return ret < 0 ? -errno : ret;
}

static ssize_t close_one(const void *data)
{
	return close(*(const int *)data);
}

void chardev_close_patiently(int *fd)
{
	if (*fd >= 0)
		guard_call(close_one, fd, false);
	*fd = -1;
}
