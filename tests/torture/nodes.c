/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nodes of a fake kernel: those of vhost_vdpa, of VDUSE and of mshv. */
#include "torture.h"

#include "abi/mshv.h"
#include "abi/vduse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define VDUSE_MAJOR 241

/* Nodes, which are ordinary files that say that they are devices */

static const char *instead(const char *path, char *buffer)
{
	const bool ours = !strncmp(path, "/dev/vduse", 10) || !strcmp(path, "/proc");

	return ours && getenv("FAKE_ROOT") ? torture_path(buffer, "%s", path) : path;
}

#define INSTEAD(path) instead(path, (char[TORTURE_PATH_SIZE]){ 0 })

/* The driver that was registered first has the lowest number. */
static void be_driver(const char *path, struct stat *status)
{
	if (!strcmp(path, "/sys/bus/vdpa/drivers/vhost_vdpa"))
		status->st_ino = 1;
	else if (!strcmp(path, "/sys/bus/vdpa/drivers/virtio_vdpa"))
		status->st_ino = 2;
}

static void be_node(const char *path, struct stat *status)
{
	const char *vduse = strstr(path, "/dev/vduse/"), *vhost = strstr(path, "/dev/vhost-vdpa-");

	if (!getenv("FAKE_ROOT") || (!vduse && !vhost))
		return;
	status->st_mode = S_IFCHR | (status->st_mode & 07777);
	status->st_rdev = vduse ? makedev(VDUSE_MAJOR, strcmp(vduse, "/dev/vduse/control") != 0)
				: makedev(VHOST_MAJOR, atoi(vhost + strlen("/dev/vhost-vdpa-")));
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return REAL_64(open)(INSTEAD(path), flags, mode);
}

DIR *opendir(const char *path)
{
	return REAL(opendir)(INSTEAD(path));
}

int stat(const char *restrict path, struct stat *restrict status)
{
	int ret = REAL_64(stat)(INSTEAD(path), status);

	if (!ret) {
		be_node(path, status);
		be_driver(path, status);
	}
	return ret;
}

int fstat(int fd, struct stat *status)
{
	char link[32], path[TORTURE_PATH_SIZE];
	ssize_t length;
	int ret = REAL_64(fstat)(fd, status);

	if (ret)
		return ret;
	torture_pause();
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = REAL(readlink)(link, path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	be_node(path, status);
	torture_resume();
	return 0;
}

/* VDUSE */

static int create_vduse(const struct vduse_dev_config *config)
{
	const char *name = config->name;

	if (mkdir(TORTURE_PATH("/sys/devices/virtual/vduse/%s", name), 0755))
		return -errno;
	torture_put_file(TORTURE_PATH("/sys/devices/virtual/vduse/%s/dev", name), "241:1\n");
	torture_put_file(TORTURE_PATH("/sys/devices/virtual/vduse/%s/msg_timeout", name), "30\n");
	torture_put_file(TORTURE_PATH("/sys/devices/virtual/vduse/%s/bounce_size", name),
			 "67108864\n");
	for (uint32_t i = 0; i < config->vq_num; i++) {
		mkdir(TORTURE_PATH("/sys/devices/virtual/vduse/%s/vq%u", name, i), 0755);
		torture_put_file(
			TORTURE_PATH("/sys/devices/virtual/vduse/%s/vq%u/irq_cb_affinity", name, i),
			"ff\n");
	}
	REAL(symlink)
	(TORTURE_PATH("/sys/devices/virtual/vduse/%s", name),
	 TORTURE_PATH("/sys/class/vduse/%s", name));
	/* A pipe, which says nothing either, as a device that nobody uses. */
	mkfifo(TORTURE_PATH("/dev/vduse/%s", name), 0644);
	return 0;
}

static int destroy_vduse(const char *name)
{
	if (!torture_exists(TORTURE_PATH("/sys/class/vduse/%s", name)))
		return -EINVAL;
	if (torture_exists(TORTURE_PATH("/sys/bus/vdpa/devices/%s", name)))
		return -EBUSY;
	unlink(TORTURE_PATH("/dev/vduse/%s", name));
	unlink(TORTURE_PATH("/sys/class/vduse/%s", name));
	torture_remove_all(TORTURE_PATH("/sys/devices/virtual/vduse/%s", name));
	return 0;
}

static int describe_queue(struct vduse_vq_info *info)
{
	info->num = 256;
	return info->index < 2 ? 0 : -EINVAL;
}

static int describe_mapping(struct vduse_iova_info *info)
{
	if (info->asid)
		return -EFAULT;
	if (info->start)
		return -EINVAL;
	info->last = 0xfff;
	return 0;
}

static int ask_vduse(unsigned long number, void *argument)
{
	switch (number) {
	case VDUSE_GET_API_VERSION:
		*(uint64_t *)argument = VDUSE_API_VERSION_1;
		return 0;
	case VDUSE_GET_FEATURES:
		*(uint64_t *)argument = 3;
		return 0;
	case VDUSE_DEV_GET_FEATURES:
		*(uint64_t *)argument = 1 << 5;
		return 0;
	case VDUSE_CREATE_DEV:
		return create_vduse(argument);
	case VDUSE_DESTROY_DEV:
		return destroy_vduse(argument);
	case VDUSE_SET_API_VERSION:
	case VDUSE_SET_FEATURES:
	case VDUSE_VQ_SETUP:
		return 0;
	case VDUSE_VQ_GET_INFO:
		return describe_queue(argument);
	case VDUSE_IOTLB_GET_INFO:
		return describe_mapping(argument);
	default:
		return -EINVAL;
	}
}

/* The driver of the version proposal, or with TORTURE_VTL that of extensions. */
static int ask_mshv(unsigned long number, const uint32_t *argument)
{
	const bool probes = argument && *argument == MSHV_PROBE;

	if (number == MSHV_CREATE_PARTITION)
		return -EBADFD;
	if (getenv("TORTURE_VTL"))
		return probes ? -EOPNOTSUPP : 1;
	return probes ? -524 : 0;
}

int ioctl(int fd, unsigned long number, ...)
{
	void *argument;
	va_list args;
	int result;

	va_start(args, number);
	argument = va_arg(args, void *);
	va_end(args);
	if (_IOC_TYPE(number) != VDUSE_IOCTL && _IOC_TYPE(number) != MSHV_IOCTL &&
	    number >> 8 != ';')
		return REAL(ioctl)(fd, number, argument);
	if (torture_call(CALL_IOCTL))
		return -1;
	torture_pause();
	if (number >> 8 == ';')
		result = REAL(ioctl)(fd, number, argument);
	else if (_IOC_TYPE(number) == VDUSE_IOCTL)
		result = ask_vduse(number, argument);
	else
		result = ask_mshv(number, argument);
	torture_resume();
	if (result >= 0 || number >> 8 == ';')
		return result;
	errno = -result;
	return -1;
}
