/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens character devices, makes requests to them and closes them, under the guard. */
#include "sys/chardev.h"

#include "sys/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

static ssize_t open_path(const void *data)
{
	return open(data, O_RDWR | O_CLOEXEC);
}

int chardev_open(const char *path, struct err *err)
{
	struct stat status;
	int fd;

	if (stat(path, &status))
		return err_set(err, errno, "open %s: %s", path, err_words(errno));
	if (!S_ISCHR(status.st_mode))
		return err_set_status(err, STATUS_FAILED, ENODEV,
				      "open %s: it is not a character device", path);
	fd = (int)guard_call(open_path, path, false);
	if (fd < 0)
		return err_set(err, errno, "open %s: %s", path, err_words(errno));
	return fd;
}

struct request {
	int fd;
	unsigned long number;
	void *argument;
	bool undoes; /* a signal came earlier, so this is part of a rollback */
};

/*
 * A request that a signal interrupted is repeated, unless the signal tells us to end. Requests
 * after that signal belong to the rollback and must be carried out.
 */
static ssize_t make_request(const void *data)
{
	const struct request *request = data;
	int ret;

	do
		ret = ioctl(request->fd, request->number, request->argument);
	while (ret < 0 && errno == EINTR && (request->undoes || !guard_signal()));
	return ret;
}

static int make_guarded(int fd, unsigned long number, void *argument, bool changes)
{
	const struct request request = {
		.fd = fd,
		.number = number,
		.argument = argument,
		.undoes = guard_signal(),
	};
	int ret = (int)guard_call(make_request, &request, changes);

	return ret < 0 ? -errno : ret;
}

int chardev_ioctl(int fd, unsigned long number, void *argument)
{
	return make_guarded(fd, number, argument, false);
}

int chardev_ioctl_changing(int fd, unsigned long number, void *argument)
{
	return make_guarded(fd, number, argument, true);
}

static ssize_t close_one(const void *data)
{
	return close(*(const int *)data);
}

void chardev_close(const int *fd)
{
	if (*fd >= 0)
		guard_call(close_one, fd, false);
}
