/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a device by its own node and iommufd, or by its group and a container. */
#include "abi/vfio.h"
#include "base/uuid.h"
#include "explain.h"
#include "kernel.h"
#include "sys/chardev.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <stdio.h>

void kernel_close(struct session *session)
{
	/*
	 * Closing resets the device once more. It must be closed first: the others are what keeps
	 * its DMA from the rest of the machine.
	 */
	chardev_close(&session->device);
	chardev_close(&session->iommufd);
	chardev_close(&session->group);
	chardev_close(&session->container);
	*session = (struct session)SESSION_INIT;
}

static int open_node(int *fd, const struct dev *dev, const char *path, const char *module,
		     struct err *err)
{
	*fd = chardev_open(path, err);
	return *fd < 0 ? explain_node(err, dev, path, module) : 0;
}

/* The new interface: the device's own node, which is bound to an iommufd. */

/*
 * BIND answers EINVAL both if somebody else has bound the device and if it takes no token. In the
 * first case the node of its group answers EBUSY. Without such a node the two cannot be told apart,
 * unless no token was sent.
 */
static bool is_bound(const struct dev *dev, const struct opt_uuid *token)
{
	struct err err = { 0 };
	_cleanup_chardev_ _unused_ int group =
		dev->group_node ? chardev_open(dev->group_node, &err) : -1;

	return dev->group_node ? err.code == EBUSY : !token->set;
}

/*
 * Opening the device's node does nothing yet: until BIND, the device answers EINVAL to all
 * requests. BIND is what opens the device, and so resets it. The iommufd needs no address space:
 * that is for DMA, which this tool does not do. Kernels without tokens in BIND know a shorter
 * struct, so the longer one is sent only with a token.
 */
static int open_cdev(struct session *session, const struct opt_uuid *token, struct err *err)
{
	const struct dev *dev = session->dev;
	struct vfio_device_bind_iommufd bind = {
		.argsz = token->set ? sizeof(bind) : VFIO_BIND_SHORT_SIZE,
		.flags = token->set ? VFIO_BIND_TOKEN : 0,
		.token = token->set ? (uintptr_t)&token->value : 0,
	};
	int ret = open_node(&session->device, dev, dev->cdev, "vfio", err);

	if (!ret)
		ret = open_node(&session->iommufd, dev, IOMMUFD_NODE, "iommufd", err);
	if (ret)
		return ret;
	bind.iommufd = session->iommufd;
	ret = chardev_ioctl_changing(session->device, VFIO_DEVICE_BIND_IOMMUFD, &bind);
	if (ret == -EINVAL && is_bound(dev, token))
		return explain_holder(err, dev);
	return ret < 0 ? explain_open(err, -ret, dev, token->set) : 0;
}

/* The old interface: the group is put into a container, and then gives the device. */

/* When the last device of a group is unbound from its driver, the group leaves the container. */
static bool is_group_released(const struct session *session)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };

	return chardev_ioctl(session->group, VFIO_GROUP_GET_STATUS, &status) < 0 ||
	       !(status.flags & VFIO_GROUP_CONTAINER_SET);
}

/*
 * A container needs a backend for its IOMMU, and offers those that are loaded. SET_IOMMU answers
 * EINVAL if there is no group in the container, although we have just put one in: then its device
 * was unbound at the same moment.
 */
static int set_iommu(const struct session *session, struct err *err)
{
	static const uintptr_t backends[] = { VFIO_IOMMU_TYPE1_V2, VFIO_IOMMU_TYPE1,
					      VFIO_IOMMU_SPAPR_V2, VFIO_IOMMU_SPAPR,
					      VFIO_IOMMU_NOIOMMU_ID };
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
		void *backend = (void *)backends[i];

		if (chardev_ioctl(session->container, VFIO_CHECK_EXTENSION, backend) <= 0)
			continue;
		ret = chardev_ioctl(session->container, VFIO_SET_IOMMU, backend);
		if (ret >= 0)
			return 0;
	}
	if (ret == -EINVAL && is_group_released(session))
		return explain_request(err, ENODEV, session->dev, "open");
	return explain_iommu(err, -ret, session->dev);
}

/* A group is viable if none of its devices has a driver that could reach the user's memory. */
static int set_container(const struct session *session, struct err *err)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	int32_t container = session->container;
	int ret = chardev_ioctl(session->group, VFIO_GROUP_GET_STATUS, &status);

	if (ret < 0)
		return explain_request(err, -ret, session->dev, "read the group of");
	if (!(status.flags & VFIO_GROUP_VIABLE))
		return explain_group(err, session->dev);
	ret = chardev_ioctl(session->group, VFIO_GROUP_SET_CONTAINER, &container);
	return ret < 0 ? explain_open(err, -ret, session->dev, false) : set_iommu(session, err);
}

/*
 * This request opens the device, and so resets it. The kernel takes the name and the token as one
 * string, which must not stay in memory: the token is a secret.
 */
static int get_device(struct session *session, const struct opt_uuid *token, struct err *err)
{
	char uuid[UUID_TEXT_SIZE], request[512];

	uuid_format(&token->value, uuid);
	snprintf(request, sizeof(request), "%.400s%s%s", session->dev->name,
		 token->set ? " vf_token=" : "", token->set ? uuid : "");
	session->device = chardev_ioctl_changing(session->group, VFIO_GROUP_GET_DEVICE_FD, request);
	explicit_bzero(uuid, sizeof(uuid));
	explicit_bzero(request, sizeof(request));
	return session->device < 0 ? explain_open(err, -session->device, session->dev, token->set)
				   : 0;
}

static int open_group(struct session *session, const struct opt_uuid *token, struct err *err)
{
	const struct dev *dev = session->dev;
	int ret;

	if (!dev->group_node)
		return explain_no_node(err, dev, OPEN_BY_CONTAINER);
	ret = open_node(&session->container, dev, VFIO_CONTAINER, "vfio", err);
	if (ret)
		return ret;
	ret = chardev_ioctl(session->container, VFIO_GET_API_VERSION, NULL);
	if (ret < 0)
		return explain_request(err, -ret, dev, "ask for VFIO's version to open");
	if (ret != VFIO_API_VERSION)
		return err_set(err, EOPNOTSUPP,
			       "open '%s': this kernel's VFIO has version %d, not %d", dev->name,
			       ret, VFIO_API_VERSION);
	ret = open_node(&session->group, dev, dev->group_node, "vfio-pci", err);
	if (!ret)
		ret = set_container(session, err);
	return ret ? ret : get_device(session, token, err);
}

/*
 * Whether the old interface may succeed where the new one failed. The first kernels with the new
 * one take no token there, and the user may have rights to the group's node alone.
 */
static bool may_try_group(const struct session *session, int ret, const struct opt_uuid *token)
{
	if (!session->dev->group_node)
		return false;
	return (ret == -EINVAL && token->set) || (ret == -EACCES && session->iommufd < 0);
}

int kernel_open(struct session *session, const struct dev *dev, enum open_method method,
		const struct opt_uuid *token, struct err *err)
{
	struct err first;
	int ret;

	session->dev = dev;
	if (method == OPEN_BY_IOMMUFD && !dev->cdev)
		return explain_no_node(err, dev, method);
	if (method == OPEN_BY_CONTAINER || !dev->cdev ||
	    (method == OPEN_BY_ANY && !sysfs_exists(IOMMUFD_NODE) && dev->group_node))
		return open_group(session, token, err);
	ret = open_cdev(session, token, err);
	if (!ret || method != OPEN_BY_ANY || !may_try_group(session, ret, token))
		return ret;
	first = *err;
	kernel_close(session);
	session->dev = dev;
	ret = open_group(session, token, err);
	/* If neither node may be opened, report the first: that is the one to get rights to. */
	if (ret == -EACCES && session->group < 0)
		*err = first;
	return ret;
}
