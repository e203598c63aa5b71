/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks /dev/mshv. */
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
 * A driver that knows the request reads its argument before it looks at it; one that does not says
 * so at once. No partition comes of an argument that cannot be read.
 */
static bool creates_partitions(int fd)
{
	return chardev_ioctl(fd, MSHV_CREATE_PARTITION, NULL) == -EFAULT;
}

/*
 * The driver that was proposed answers each request but that for a version with EBADFD, as long as
 * the file has none. Early drivers check extensions by the number of that request, and refuse what
 * they do not know just as the other does, but take requests at once.
 */
static enum interface tell_apart(int fd)
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
		*interface = tell_apart(fd);
	else if (ret == -ENOTTY && creates_partitions(fd))
		*interface = INTERFACE_ROOT;
	else
		return explain_stranger(err, node, ret);
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
	/* An early driver would say 0 for "no" each time. Only a version is taken but once. */
	ret = chardev_ioctl(fd, MSHV_REQUEST_VERSION, &version);
	return ret == -EBADFD ? 0 : explain_not_kept(err, node, version, ret);
}

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
