/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which driver serves /dev/mshv, and sends its requests. */
#include "kernel.h"

#include "abi/mshv.h"
#include "explain.h"
#include "sys/chardev.h"

#include <errno.h>

/* The kernel's own errno, which the C library does not know. */
#define ENOTSUPP 524

static int open_node(const char *node, struct err *err)
{
	int fd = chardev_open(node, err);

	return fd < 0 ? explain_open(err, node) : fd;
}

/*
 * A driver that knows the request fails to read the argument, and answers EFAULT; another one
 * answers ENOTTY. Without a readable argument no partition is created.
 */
static bool creates_partitions(int fd)
{
	return chardev_ioctl(fd, MSHV_CREATE_PARTITION, NULL) == -EFAULT;
}

/*
 * Two drivers answer ENOTSUPP to the probe. The proposed one demands a version first, and until
 * then answers EBADFD to every other request. Early drivers use the same number for extension
 * checks, but take other requests at once.
 */
static enum interface version_or_early(int fd)
{
	switch (chardev_ioctl(fd, MSHV_CREATE_PARTITION, NULL)) {
	case -EBADFD:
		return INTERFACE_VERSION;
	case -EFAULT:
	case -ENOTTY:
		return INTERFACE_EARLY;
	default:
		return INTERFACE_UNKNOWN;
	}
}

/*
 * The drivers share the number of this request: it requests a version of one of them, checks an
 * extension of two, and is unknown to the released root driver. No driver knows the probed value,
 * so all of them refuse it, each with an errno of its own. The version can be requested only once
 * for each open file, but a refused request does not count.
 */
int kernel_interface(const char *node, enum interface *interface, struct err *err)
{
	_cleanup_chardev_ int fd = open_node(node, err);
	uint32_t probe = MSHV_PROBE;
	int ret;

	if (fd < 0)
		return fd;
	ret = chardev_ioctl(fd, MSHV_CHECK_EXTENSION, &probe);
	if (ret == -EOPNOTSUPP)
		*interface = INTERFACE_VTL;
	else if (ret == -ENOTSUPP)
		*interface = version_or_early(fd);
	else if (ret == -ENOTTY && creates_partitions(fd))
		*interface = INTERFACE_ROOT;
	else
		return explain_unknown_driver(err, node, ret);
	return 0;
}

int kernel_request_version(const char *node, uint32_t version, struct err *err)
{
	_cleanup_chardev_ int fd = open_node(node, err);
	int ret;

	if (fd < 0)
		return fd;
	ret = chardev_ioctl(fd, MSHV_REQUEST_VERSION, &version);
	if (ret)
		return explain_version(err, node, version, ret);
	/*
	 * An early driver takes the request for an extension check, and answers 0, which is "no",
	 * each time. A version can be requested only once: the second request must fail.
	 */
	ret = chardev_ioctl(fd, MSHV_REQUEST_VERSION, &version);
	return ret == -EBADFD ? 0 : explain_not_kept(err, node, version, ret);
}

/* The answer is the result of the request itself: 0 means no, and is not a failure. */
int kernel_check_extension(const char *node, uint32_t id, uint32_t *answer, struct err *err)
{
	_cleanup_chardev_ int fd = open_node(node, err);
	int ret;

	if (fd < 0)
		return fd;
	ret = chardev_ioctl(fd, MSHV_CHECK_EXTENSION, &id);
	if (ret < 0)
		return explain_extension(err, node, id, ret);
	*answer = (uint32_t)ret;
	return 0;
}
