/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holds a device open in a way that no /proc/PID/fd shows: holder-server socket|ring|table|thread
 * PATH. The tools must notice such holders, or refuse to go on.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *device;

static int open_device(void)
{
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(EXIT_FAILURE, "%s", device);
	return fd;
}

static void stay(void)
{
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

/* The descriptor is in flight: sent to a socket, received by nobody, and closed here. */
static void in_socket(void)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int pair[2], fd = open_device();

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		err(EXIT_FAILURE, "socketpair");
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	if (sendmsg(pair[0], &message, 0) != 1)
		err(EXIT_FAILURE, "sendmsg");
	close(fd);
	stay();
}

/* The descriptor is registered with io_uring, and closed here. */
static void in_ring(void)
{
	struct io_uring_params params = { 0 };
	int fd = open_device(), ring = syscall(SYS_io_uring_setup, 1, &params);

	if (ring < 0 || syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, &fd, 1))
		err(EXIT_FAILURE, "io_uring");
	close(fd);
	stay();
}

static void *hold(void *unused)
{
	(void)unused;
	open_device();
	stay();
	return NULL;
}

static void *hold_alone(void *unused)
{
	if (unshare(CLONE_FILES))
		err(EXIT_FAILURE, "unshare");
	return hold(unused);
}

static void start(void *(*function)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, NULL))
		errx(EXIT_FAILURE, "pthread_create");
}

int main(int argc, char *argv[])
{
	if (argc != 3)
		errx(EXIT_FAILURE, "usage: holder-server socket|ring|table|thread PATH");
	device = argv[2];
	if (!strcmp(argv[1], "socket"))
		in_socket();
	else if (!strcmp(argv[1], "ring"))
		in_ring();
	else if (!strcmp(argv[1], "table"))
		start(hold_alone);
	else
		start(hold);
	/* For "thread", the main thread exits: then /proc/PID/fd is empty, and the process lives.
	 */
	if (!strcmp(argv[1], "thread"))
		syscall(SYS_exit, 0);
	for (;;)
		pause();
}
