/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests on the control node and on the nodes of devices. */
#include "kernel.h"

#include "abi/vduse.h"
#include "base/list.h"
#include "explain.h"
#include "sys/chardev.h"
#include "sys/sysfs.h"
#include "vduse/model/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* The control node */

void control_close(struct control *control)
{
	chardev_close(&control->fd);
	*control = (struct control)CONTROL_INIT;
}

/*
 * On Linux 7.3, GET_API_VERSION has a side effect: if no version was set for the open file, it sets
 * version 1. Devices of version 0 are refused then, so set_version() sets the version in any case
 * before a device is created.
 */
static int ask(struct control *control, struct err *err)
{
	int ret = chardev_ioctl(control->fd, VDUSE_GET_API_VERSION, &control->version);
	if (ret < 0)
		return err_set(err, -ret, "ask for the API version: %s", err_words(-ret));
	ret = chardev_ioctl(control->fd, VDUSE_GET_FEATURES, &control->features);
	control->has_features = !ret;
	/* The control node answers EINVAL to requests it does not know: the kernel has no features.
	 */
	if (ret < 0 && ret != -EINVAL)
		return err_set(err, -ret, "ask for VDUSE's features: %s", err_words(-ret));
	return 0;
}

int control_open(struct control *control, struct err *err)
{
	int ret;

	if (control->fd >= 0)
		return 0;
	control->fd = chardev_open(VDUSE_NODES "/" VDUSE_CONTROL, err);
	if (control->fd < 0)
		return explain_control(err);
	ret = ask(control, err);
	if (ret)
		control_close(control);
	return ret;
}

/*
 * Released kernels take VDUSE's features by SET_FEATURES, and a proposal takes them in the struct
 * of CREATE_DEV. The kernel answers EINVAL both to a request that it does not know and to a bit
 * that it does not know. So first set the empty set: it fails only if the request is unknown.
 */
static int hand_over_features(struct control *control, uint64_t bits,
			      struct vduse_dev_config *config, struct err *err)
{
	uint64_t probe = 0;
	int ret;

	if (bits == control->features_set)
		return 0;
	ret = chardev_ioctl(control->fd, VDUSE_SET_FEATURES, &probe);
	if (ret == -EINVAL) {
		config->vduse_features = bits;
		return 0;
	}
	control->features_set = ret ? control->features_set : 0;
	if (!ret && bits)
		ret = chardev_ioctl(control->fd, VDUSE_SET_FEATURES, &bits);
	control->features_set = ret ? control->features_set : bits;
	return ret ? err_set(err, -ret, "set VDUSE's features: %s", err_words(-ret)) : 0;
}

static struct vduse_dev_config *new_config(const struct dev_new *dev, uint64_t version)
{
	struct vduse_dev_config *config = calloc(1, sizeof(*config) + dev->config.size);

	if (!config)
		return NULL;
	strcpy(config->name, dev->name);
	config->device_id = dev->type.id;
	config->features = dev->features.value.bits;
	settings_put(dev, SETTING_CREATE, version, config);
	config->config_size = dev->config.size;
	if (dev->config.size)
		memcpy(config->config, dev->config.bytes, dev->config.size);
	return config;
}

/*
 * The version belongs to the open file, and the kernel need not take another one there after a
 * device was created. So open the node again for that.
 */
static int set_version(struct control *control, uint64_t version, struct err *err)
{
	int ret = 0;

	if (control->has_created && control->version_set == version)
		return 0;
	if (control->has_created) {
		control_close(control);
		ret = control_open(control, err);
	}
	if (ret)
		return ret;
	ret = chardev_ioctl(control->fd, VDUSE_SET_API_VERSION, &version);
	if (ret < 0)
		return err_set(err, -ret, "set the API version %ju: %s", (uintmax_t)version,
			       err_words(-ret));
	control->version_set = version;
	return 0;
}

/* A device outlives the process and the open file that created it. */
int control_create(struct control *control, const struct dev_new *dev, uint64_t version,
		   struct err *err)
{
	_cleanup_free_ struct vduse_dev_config *config = new_config(dev, version);
	int ret;

	if (!config)
		return err_memory(err);
	ret = set_version(control, version, err);
	if (!ret)
		ret = hand_over_features(control, dev->vduse_features.bits, config, err);
	if (ret)
		return ret;
	ret = chardev_ioctl_changing(control->fd, VDUSE_CREATE_DEV, config);
	if (ret < 0)
		return explain_create(err, -ret, dev);
	control->has_created = true;
	return 0;
}

static int destroy(int fd, const char *name)
{
	char bytes[VDUSE_NAME_SIZE] = "";

	/* Cut to this size, a longer name might be that of another device. */
	if (strlen(name) >= sizeof(bytes))
		return -EINVAL;
	strcpy(bytes, name);
	return chardev_ioctl_changing(fd, VDUSE_DESTROY_DEV, bytes);
}

/* With up to so many '!' in a name, all combinations are tried; with more, only all as '/'. */
#define MARKS_MAX 8

/*
 * A device may have been created with a '/' in its name. sysfs and the node show '!' instead, but
 * DESTROY wants the original name, and nothing shows which '!' was a '/'. So try the combinations:
 * at most one of them exists, since two would have the same name in sysfs.
 */
static int destroy_slashed(int fd, const char *name)
{
	char *marks[VDUSE_NAME_SIZE];
	_cleanup_free_ char *slashed = strdup(name);
	unsigned int count = 0, last;
	int ret = -EINVAL;

	if (!slashed || strlen(name) >= VDUSE_NAME_SIZE)
		return slashed ? -EINVAL : -ENOMEM;
	for (char *c = slashed; (c = strchr(c, '!')); c++)
		marks[count++] = c;
	last = count > MARKS_MAX ? 1 : (1U << count) - 1;
	for (unsigned int tried = 1; ret == -EINVAL && tried <= last; tried++) {
		for (unsigned int i = 0; i < count; i++)
			*marks[i] = count > MARKS_MAX || tried & 1U << i ? '/' : '!';
		ret = destroy(fd, slashed);
	}
	return ret;
}

int control_destroy(struct control *control, const char *name, struct err *err)
{
	int ret = control_open(control, err);

	if (ret) {
		err_context(err, "delete '%.300s'", name);
		return ret;
	}
	ret = destroy(control->fd, name);
	if (ret == -EINVAL && strchr(name, '!'))
		ret = destroy_slashed(control->fd, name);
	return ret < 0 ? explain_destroy(err, -ret, name) : 0;
}

/* The node of a device */

static int open_node_to(const char *tried, const char *name, struct err *err)
{
	char path[512];
	int fd;

	if (!kernel_may_be_dev(name))
		return explain_no_dev(err, tried, name);
	kernel_node_path(name, path, sizeof(path));
	fd = chardev_open(path, err);
	return fd < 0 ? explain_node(err, tried, name, path) : fd;
}

static int open_node(const char *name, struct err *err)
{
	return open_node_to("open", name, err);
}

/* A node that somebody created with mknod may belong to another device. */
static bool is_node_of(int fd, const char *name)
{
	char path[512], text[32], number[32];
	struct stat status;

	kernel_sysfs_path(name, "dev", path, sizeof(path));
	if (fstat(fd, &status) || sysfs_read(path, text, sizeof(text)) <= 0)
		return false;
	snprintf(number, sizeof(number), "%u:%u", major(status.st_rdev), minor(status.st_rdev));
	return str_equal(text, number);
}

int kernel_hold(const char *name, struct err *err)
{
	int fd = open_node_to("delete", name, err);

	if (fd < 0)
		return fd;
	if (!is_node_of(fd, name)) {
		chardev_close(&fd);
		return err_set_status(err, STATUS_FAILED, ENODEV,
				      "delete '%.300s': " VDUSE_NODES "/%.300s is not its node",
				      name, name);
	}
	/* kernel_answer() reads until nothing is left, and must not wait for the next request. */
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

bool kernel_is_asked(int fd)
{
	struct pollfd node = { .fd = fd, .events = POLLIN };

	return poll(&node, 1, 0) > 0 && node.revents & POLLIN;
}

/*
 * Without a program that serves the device there is nothing to set up or to stop. So each request
 * is answered with "done", and the state of each queue with zeros, its start. Requests that a
 * program left unanswered when it died are still there: the kernel gives them to whoever opens the
 * node next.
 */
void kernel_answer(int fd)
{
	struct vduse_dev_request request;

	while (read(fd, &request, sizeof(request)) == sizeof(request)) {
		struct vduse_dev_response response = {
			.request_id = request.request_id,
			.result = VDUSE_REQ_RESULT_OK,
		};

		/* ENOENT: the kernel has given up on this request in the meantime. */
		if (write(fd, &response, sizeof(response)) < 0 && errno != ENOENT)
			break;
	}
}

int kernel_setup_queues(const struct dev_new *dev, uint64_t version, struct err *err)
{
	_cleanup_chardev_ int fd = -1;

	/* Without queues there is nothing to set up: such a device gets no driver. */
	if (!dev->vqs.value)
		return 0;
	fd = open_node(dev->name, err);
	if (fd < 0)
		return fd;
	for (uint32_t i = 0; i < dev->vqs.value; i++) {
		struct vduse_vq_config vq = { .index = i };
		int ret;

		settings_put(dev, SETTING_QUEUE, version, &vq);
		if (version >= VDUSE_API_VERSION_1 && dev->groups.value)
			vq.group = i % dev->groups.value;
		ret = chardev_ioctl_changing(fd, VDUSE_VQ_SETUP, &vq);
		if (ret < 0)
			return err_set(err, -ret, "set up queue %u of '%.300s': %s", i, dev->name,
				       err_words(-ret));
	}
	return 0;
}

int kernel_dev_features(const char *name, uint64_t *bits, struct err *err)
{
	_cleanup_chardev_ int fd = open_node(name, err);
	int ret;

	if (fd < 0)
		return fd;
	ret = chardev_ioctl(fd, VDUSE_DEV_GET_FEATURES, bits);
	return ret < 0 ? explain_request(err, -ret, name, "read the features of") : 0;
}

static int add_vq(struct list *list, const struct vduse_vq_info *info, bool packed, struct err *err)
{
	struct vq *vq = list_new(list, sizeof(*vq));

	if (!vq)
		return err_memory(err);
	*vq = (struct vq){
		.index = info->index,
		.size = info->num,
		.ready = info->ready,
		.desc = info->desc_addr,
		.driver = info->driver_addr,
		.device = info->device_addr,
		.present = BIT64(HAS_ALWAYS) | BIT64(packed ? VQ_IS_PACKED : VQ_IS_SPLIT),
	};
	if (packed) {
		vq->last_avail_counter = info->packed.last_avail_counter;
		vq->last_avail_index = info->packed.last_avail_index;
		vq->last_used_counter = info->packed.last_used_counter;
		vq->last_used_index = info->packed.last_used_index;
	} else {
		vq->avail_index = info->avail_index;
	}
	return 0;
}

/*
 * The kernel does not report how many queues there are, so ask until one is missing. The negotiated
 * features decide whether the queues have the split or the packed layout.
 */
int kernel_vqs(const char *name, struct list *list, struct err *err)
{
	_cleanup_chardev_ int fd = open_node(name, err);
	uint64_t negotiated;
	int ret;

	if (fd < 0)
		return fd;
	ret = chardev_ioctl(fd, VDUSE_DEV_GET_FEATURES, &negotiated);
	for (uint32_t i = 0; ret >= 0 && i < VDUSE_VQS_MAX; i++) {
		struct vduse_vq_info info = { .index = i };

		ret = chardev_ioctl(fd, VDUSE_VQ_GET_INFO, &info);
		/* EINVAL: there are no more queues. */
		if (ret == -EINVAL)
			return 0;
		if (ret >= 0 &&
		    add_vq(list, &info, negotiated & BIT64(VIRTIO_FEATURE_RING_PACKED), err))
			return -err->code;
	}
	return ret < 0 ? explain_request(err, -ret, name, "read the queues of") : 0;
}

static int add_iotlb(struct list *list, const struct vduse_iova_info *info, bool has_asid,
		     struct err *err)
{
	struct iotlb *iotlb = list_new(list, sizeof(*iotlb));

	if (!iotlb)
		return err_memory(err);
	*iotlb = (struct iotlb){
		.asid = info->asid,
		.start = info->start,
		.last = info->last,
		.capability = info->capability,
		.present = BIT64(HAS_ALWAYS) | (has_asid ? BIT64(IOTLB_HAS_ASID) : 0),
	};
	return 0;
}

/* Reads the mappings of one address space: each request finds the first one in a range. */
static int read_space(int fd, uint32_t asid, bool has_asid, struct list *list, struct err *err)
{
	uint64_t start = 0;
	int ret;

	do {
		struct vduse_iova_info info = { .start = start, .last = UINT64_MAX, .asid = asid };

		ret = chardev_ioctl(fd, VDUSE_IOTLB_GET_INFO, &info);
		if (ret < 0)
			return ret;
		ret = add_iotlb(list, &info, has_asid, err);
		/* If a mapping ended before the range began, this loop would never end. */
		if (info.last < start)
			break;
		start = info.last + 1;
	} while (!ret && start);
	return ret;
}

/* Devices of version 0 do not know this request; others refuse its empty range. */
static bool has_spaces(int fd)
{
	struct vduse_iotlb_entry_v2 none = { .start = 1, .last = 0 };

	return chardev_ioctl(fd, VDUSE_IOTLB_GET_FD2, &none) == -EINVAL;
}

int kernel_iotlbs(const char *name, struct list *list, struct err *err)
{
	_cleanup_chardev_ int fd = open_node(name, err);
	bool spaces;
	int ret;

	if (fd < 0)
		return fd;
	spaces = has_spaces(fd);
	for (uint32_t asid = 0; asid < (spaces ? VDUSE_GROUPS_MAX : 1); asid++) {
		ret = read_space(fd, asid, spaces, list, err);
		/* EFAULT: there are no more address spaces. Linux 7.3 says so, strange as it is. */
		if (ret == -EFAULT && asid)
			break;
		/* EINVAL: nothing more is mapped in this one. */
		if (ret < 0 && ret != -EINVAL)
			return ret == -ENOMEM
				       ? err_memory(err)
				       : explain_request(err, -ret, name, "read the mappings of");
	}
	return 0;
}
