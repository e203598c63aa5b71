/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serves /dev/mshv through CUSE, for a kernel that has none. */

/*
 * Plays the kernel's drivers of the Microsoft hypervisor, which need its hardware. It serves a
 * character device through CUSE, so that requests pass through the real kernel.
 *
 *   mshv-server NAME root|vtl|version|early|unknown|open|ioctl|close|ERRNO
 *
 * serves /dev/NAME until it is killed. "early" is a root driver older than the released ones, whose
 * answers look like those of "version" at first; "unknown" is one of these two, and forbids the
 * request that would tell them apart; "open", "ioctl" and "close" are root drivers that never
 * return from that call; a number is the errno for each request, and 0 grants them all.
 *
 * Like a real driver, the device gets a number and a pointer. It asks the kernel to fetch the
 * argument ("retry"), so that the kernel itself reports a bad pointer.
 */
#include "abi/mshv.h"
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <sys/uio.h>

#define ENOTSUPP 524
#define OPENS	 64

struct request {
	struct fuse_in_header header;
	union {
		struct fuse_ioctl_in ioctl;
		struct fuse_release_in release;
		char bytes[256 << 10];
	};
};

static int cuse;
static const char *name, *driver;

/* Open files: whether a slot is in use, and whether the file has requested a version. */
static struct {
	bool used, versioned;
} opens[OPENS];

static void reply(const struct request *request, int error, const void *body, size_t size)
{
	struct fuse_out_header header = {
		.len = (uint32_t)(sizeof(header) + size),
		.error = error,
		.unique = request->header.unique,
	};
	struct iovec parts[] = { { &header, sizeof(header) }, { (void *)body, size } };

	if (writev(cuse, parts, ARRAY_SIZE(parts)) < 0)
		perror("mshv-server: reply");
}

static void introduce(const struct request *request)
{
	struct {
		struct cuse_init_out out;
		char info[64];
	} answer = { .out = {
			     .major = FUSE_KERNEL_VERSION,
			     .minor = FUSE_KERNEL_MINOR_VERSION,
			     .flags = CUSE_UNRESTRICTED_IOCTL,
			     .max_read = 4096,
			     .max_write = 4096,
		     } };
	int length = snprintf(answer.info, sizeof(answer.info), "DEVNAME=%s", name);

	reply(request, 0, &answer, sizeof(answer.out) + (size_t)length + 1);
}

static void open_file(const struct request *request)
{
	struct fuse_open_out out = { 0 };

	while (out.fh < OPENS && opens[out.fh].used)
		out.fh++;
	if (out.fh == OPENS) {
		reply(request, -EMFILE, NULL, 0);
		return;
	}
	opens[out.fh].used = true;
	opens[out.fh].versioned = false;
	reply(request, 0, &out, sizeof(out));
}

static void answer(const struct request *request, int result)
{
	/* The header's error field rejects kernel-internal numbers such as ENOTSUPP. */
	struct fuse_ioctl_out out = { .result = result };

	reply(request, 0, &out, sizeof(out));
}

/* Asks the kernel to send the request again, with the data that its pointer refers to. */
static void fetch(const struct request *request)
{
	struct {
		struct fuse_ioctl_out out;
		struct fuse_ioctl_iovec part;
	} again = { .out = { .flags = FUSE_IOCTL_RETRY, .in_iovs = 1 },
		    .part = { request->ioctl.arg, _IOC_SIZE(request->ioctl.cmd) } };

	reply(request, 0, &again, sizeof(again));
}

static int request_version(uint64_t file, uint32_t version)
{
	if (opens[file].versioned)
		return -EBADFD;
	if (version)
		return -ENOTSUPP;
	opens[file].versioned = true;
	return 0;
}

static int check_extension(uint32_t id)
{
	switch (id) {
	case MSHV_CAP_REGISTER_PAGE:
	case MSHV_CAP_DR6_SHARED:
		return 1;
	case MSHV_CAP_CORE_API_STABLE:
	case MSHV_CAP_VTL_RETURN_ACTION:
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

/* Returns 1 if the driver knows the request number, or the errno that it answers otherwise. */
static int look(uint64_t file, uint32_t number)
{
	if (str_equal(driver, "root") || str_equal(driver, "close"))
		return number == MSHV_CREATE_PARTITION ? 1 : -ENOTTY;
	if (number == MSHV_CHECK_EXTENSION)
		return 1;
	if (str_equal(driver, "version"))
		return opens[file].versioned ? -ENOTTY : -EBADFD;
	return str_equal(driver, "unknown") ? -EPERM : -ENOTTY;
}

static int handle(uint64_t file, uint32_t number, uint32_t argument)
{
	if (number == MSHV_CREATE_PARTITION)
		return -EINVAL;
	if (str_equal(driver, "version"))
		return request_version(file, argument);
	if (str_equal(driver, "vtl"))
		return check_extension(argument);
	return argument == MSHV_CAP_CORE_API_STABLE ? 0 : -ENOTSUPP;
}

static void serve_ioctl(const struct request *request)
{
	const struct fuse_ioctl_in *in = &request->ioctl;
	uint32_t argument;
	int known;

	if (*driver >= '0' && *driver <= '9') {
		answer(request, -atoi(driver));
		return;
	}
	known = look(in->fh, in->cmd);
	if (known <= 0) {
		answer(request, known);
	} else if (!in->in_size) {
		fetch(request);
	} else {
		memcpy(&argument, request->bytes + sizeof(*in), sizeof(argument));
		answer(request, handle(in->fh, in->cmd, argument));
	}
}

/* Returns whether the driver never answers a request of this kind. */
static bool hangs(uint32_t opcode)
{
	return (opcode == FUSE_OPEN && str_equal(driver, "open")) ||
	       (opcode == FUSE_IOCTL && str_equal(driver, "ioctl")) ||
	       (opcode == FUSE_RELEASE && str_equal(driver, "close"));
}

static void serve(const struct request *request)
{
	if (hangs(request->header.opcode))
		return;
	switch (request->header.opcode) {
	case CUSE_INIT:
		introduce(request);
		break;
	case FUSE_OPEN:
		open_file(request);
		break;
	case FUSE_IOCTL:
		serve_ioctl(request);
		break;
	case FUSE_RELEASE:
		opens[request->release.fh].used = false;
		reply(request, 0, NULL, 0);
		break;
	case FUSE_INTERRUPT:
		break;
	default:
		reply(request, -ENOSYS, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	static struct request request;

	if (argc != 3) {
		fprintf(stderr, "usage: mshv-server NAME DRIVER\n");
		return 2;
	}
	name = argv[1];
	driver = argv[2];
	cuse = open("/dev/cuse", O_RDWR | O_CLOEXEC);
	if (cuse < 0) {
		perror("mshv-server: /dev/cuse");
		return 1;
	}
	while (read(cuse, &request, sizeof(request)) > 0 || errno == EINTR || errno == ENOENT)
		serve(&request);
	perror("mshv-server: read");
	return 1;
}
