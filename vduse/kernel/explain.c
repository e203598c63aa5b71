/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains in words why VDUSE refused a request, with a hint. */
#include "explain.h"

#include "abi/vdpa.h"
#include "abi/vduse.h"
#include "base/escape.h"
#include "bus/vdpa-bus.h"
#include "kernel.h"
#include "sys/holders.h"
#include "sys/modules.h"
#include "sys/rights.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

const char *explain_name(const char *name)
{
	return escape_is_plain(name) ? name : "NAME";
}

static int absent(struct err *err)
{
	err_set_status(err, STATUS_NOT_SUPPORTED, ENOENT,
		       "VDUSE is not available: its module is not loaded");
	modules_hint(err, "vduse", "CONFIG_VDPA_USER");
	return -ENOENT;
}

int explain_absent(struct err *err)
{
	int ret = sysfs_check(err);

	return ret ? ret : absent(err);
}

int explain_control(struct err *err)
{
	static const char path[] = VDUSE_NODES "/" VDUSE_CONTROL;

	switch (err->code) {
	case ENOENT:
	case ENOTDIR:
	case ENXIO:
		if (!sysfs_exists(VDUSE_CLASS))
			return absent(err);
		err->status = STATUS_NOT_SUPPORTED;
		err_hint(err, "the kernel has VDUSE, but this /dev lacks its node: is this a "
			      "container?");
		break;
	case EACCES:
	case EPERM:
		rights_hint_node(err, "vduse", path);
		break;
	default:
		break;
	}
	return -err->code;
}

static int no_dev(struct err *err, const char *tried, const char *name)
{
	char similar[NAME_MAX + 1];

	err_set(err, ENODEV, "%s '%.300s': there is no such VDUSE device", tried, name);
	if (sysfs_find_similar(VDUSE_CLASS, name, similar) && !str_equal(similar, VDUSE_CONTROL))
		err_hint(err, "did you mean '%s'? 'vduse dev show' lists the devices", similar);
	else
		err_hint(err, "'vduse dev show' lists the devices");
	return -ENODEV;
}

int explain_no_dev(struct err *err, const char *tried, const char *name)
{
	if (sysfs_exists(VDUSE_CLASS))
		return no_dev(err, tried, name);
	explain_absent(err);
	err_context(err, "%s '%.300s'", tried, name);
	return -err->code;
}

int explain_holder(struct err *err, const char *tried, const char *name, const char *path)
{
	struct holder holder;

	if (holders_find(path, &holder)) {
		err_set(err, EBUSY, "%s '%.300s': process %d (%s) serves it", tried, name,
			(int)holder.pid, holder.command);
		err_hint(err, "end that process first");
	} else {
		err_set(err, EBUSY, "%s '%.300s': somebody serves it", tried, name);
		if (geteuid())
			err_hint(err, "only root can see which process that is");
		else
			err_hint(err, "'fuser -v %s' may show which process that is", path);
	}
	return -EBUSY;
}

int explain_node(struct err *err, const char *tried, const char *name, const char *path)
{
	char directory[512];

	kernel_sysfs_path(name, "", directory, sizeof(directory));
	switch (err->code) {
	case ENOENT:
		if (!sysfs_exists(directory))
			return explain_no_dev(err, tried, name);
		err->status = STATUS_NOT_SUPPORTED;
		err_hint(err, "the device exists, but this /dev lacks its node: is this a "
			      "container?");
		break;
	case EBUSY:
		return explain_holder(err, tried, name, path);
	case EACCES:
	case EPERM:
		rights_hint_node(err, "vduse", path);
		break;
	case ENXIO:
		return explain_no_dev(err, tried, name);
	default:
		break;
	}
	if (!str_equal(tried, "open"))
		err_context(err, "%s '%.300s'", tried, name);
	return -err->code;
}

/*
 * If the program once leaves a request of the kernel unanswered for msg_timeout, the kernel marks
 * the device as broken. From then on each request on its node fails with EPERM, even if it is
 * opened again. Only deleting the device helps.
 */
int explain_request(struct err *err, int code, const char *name, const char *tried)
{
	if (code != EPERM)
		return err_set(err, code, "%s '%.300s': %s", tried, name, err_words(code));
	err_set_status(
		err, STATUS_FAILED, code,
		"%s '%.300s': it is broken for good: its program did not answer the kernel in "
		"time",
		tried, name);
	err_hint(err, "delete it and create it again: vduse dev del %s detach", explain_name(name));
	return -code;
}

/* CREATE answers EINVAL to any wrong value. We checked all others, so it must be the type. */
static void explain_type(struct err *err, const struct dev_new *dev)
{
	char type[VIRTIO_TYPE_TEXT_SIZE];

	if (dev->type.id == VIRTIO_TYPE_BLOCK) {
		err_set(err, EINVAL, "the kernel refuses it, and gives no reason");
		return;
	}
	err_set(err, EOPNOTSUPP, "this kernel's VDUSE does not support type %s",
		virtio_type_name(dev->type.id, type));
	err_hint(err, "Linux 6.1 supports only block; later kernels net, and then fs, as well");
}

int explain_create(struct err *err, int code, const struct dev_new *dev)
{
	switch (code) {
	case EEXIST:
		err_set(err, code, "a VDUSE device of that name exists already");
		break;
	case EPERM:
		err_set(err, code, "CAP_NET_ADMIN is needed to create a net device");
		err_hint(err, "it is needed in the initial user namespace");
		break;
	case ENOMEM:
		err_set(err, code, "the kernel has no memory for %u queues", dev->vqs.value);
		break;
	case ENOSPC:
		err_set(err, code, "the kernel has no device number left");
		break;
	case EINVAL:
		explain_type(err, dev);
		break;
	default:
		err_set(err, code, "%s", err_words(code));
		break;
	}
	err_context(err, "add '%s'", dev->name);
	return -err->code;
}

int explain_destroy(struct err *err, int code, const char *name)
{
	char path[512];

	/* DESTROY answers EINVAL, and not ENODEV, to a name that no device has. */
	if (code == EINVAL)
		return no_dev(err, "delete", name);
	if (code != EBUSY)
		return err_set(err, code, "delete '%.300s': %s", name, err_words(code));
	/* DESTROY answers EBUSY to both. An attached device has a directory of its own name. */
	kernel_sysfs_path(name, name, path, sizeof(path));
	if (sysfs_exists(path))
		return err_set(err, code, "delete '%.300s': it is attached to the vdpa bus", name);
	kernel_node_path(name, path, sizeof(path));
	return explain_holder(err, "delete", name, path);
}

int explain_attribute(struct err *err, int code, const char *name, const char *attribute)
{
	char directory[512];

	kernel_sysfs_path(name, "", directory, sizeof(directory));
	if (!sysfs_exists(directory))
		return explain_no_dev(err, "set", name);
	switch (code) {
	case ENOENT:
		err_set(err, EOPNOTSUPP, "this kernel's VDUSE has no %s", attribute);
		break;
	case EACCES:
		err_set(err, code, "%s: %s", attribute, err_words(code));
		rights_hint_node(err, "vduse", directory);
		break;
	case EPERM:
		/* The kernel never allows this again, whoever asks: it is no matter of rights. */
		err_set_status(
			err, STATUS_BUSY, code,
			"%s cannot be changed once the device has been attached, even if it is "
			"detached now",
			attribute);
		err_hint(err, "delete it and add it again with %s", attribute);
		break;
	default:
		err_set(err, code, "%s: %s", attribute, err_words(code));
		break;
	}
	err_context(err, "set '%.300s'", name);
	return -err->code;
}

int explain_bus(struct err *err, const char *name, const char *tried)
{
	switch (err->code) {
	case ENOENT:
		if (sysfs_exists(VDPA_BUS))
			rights_hint_network(err, "vduse");
		else
			modules_hint(err, "vduse", "CONFIG_VDPA_USER");
		break;
	case EEXIST:
		if (bus_directory("", VDUSE_MGMTDEV, name))
			bus_explain_taken(err, "", VDUSE_MGMTDEV, name);
		else
			bus_explain_exists(err);
		break;
	case EPERM:
		rights_hint_net_admin(err, "vduse");
		break;
	default:
		break;
	}
	err_context(err, "%s '%.300s'", tried, name);
	return -err->code;
}
