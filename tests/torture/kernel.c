/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The netlink family "vdpa" of a fake kernel that keeps its state below FAKE_ROOT. */

/*
 * tests/fake answers from a script, which a tool that fails in the middle does not follow. This
 * kernel does what it is asked: a device that is created stays, in files below FAKE_ROOT/sys, until
 * it is deleted, so that what a failure leaves half done is found there.
 */
#include "torture.h"

#include "abi/vdpa.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAMILY	 32
#define MANY	 8 /* devices of one datagram of a dump */
#define FEATURES UINT64_C(0x1000000a3)

struct mnl_socket {
	int fd;
};

static struct mnl_socket the_socket;

/* The datagrams that are to be received, each after its length. */
static char queue[1 << 20];
static size_t first, last;

static struct nlmsghdr *message; /* that is being written, in the last datagram */

static const struct {
	const char *name;
	uint64_t classes, features;
	uint32_t max_vqs;
} mgmtdevs[] = {
	{ "vdpasim_net", 1 << 1, FEATURES, 3 },
	{ "vdpasim_blk", 1 << 2, FEATURES, 1 },
	{ "vduse", 1 << 1 | 1 << 2, FEATURES, 1024 },
};

static size_t *datagram(void)
{
	return (size_t *)(void *)(queue + last);
}

static void open_datagram(void)
{
	if (first == last)
		first = last = 0;
	*datagram() = 0;
}

static void close_datagram(void)
{
	last += sizeof(size_t) + MNL_ALIGN(*datagram()) + 8;
	last &= ~(size_t)7;
}

static struct nlmsghdr *begin_message(const struct nlmsghdr *request, uint16_t type, uint16_t flags)
{
	message = mnl_nlmsg_put_header(queue + last + sizeof(size_t) + *datagram());
	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	message->nlmsg_seq = request->nlmsg_seq;
	return message;
}

static void end_message(void)
{
	*datagram() += MNL_ALIGN(message->nlmsg_len);
}

static void begin_generic(const struct nlmsghdr *request, uint8_t command)
{
	struct genlmsghdr *generic;

	begin_message(request, request->nlmsg_type, NLM_F_MULTI);
	generic = mnl_nlmsg_put_extra_header(message, sizeof(*generic));
	generic->cmd = command;
	generic->version = 1;
}

static void acknowledge(const struct nlmsghdr *request, int code)
{
	struct nlmsgerr *error;

	begin_message(request, NLMSG_ERROR, NLM_F_CAPPED);
	error = mnl_nlmsg_put_extra_header(message, sizeof(*error));
	error->error = -code;
	error->msg = *request;
	end_message();
}

static void finish_dump(const struct nlmsghdr *request)
{
	begin_message(request, NLMSG_DONE, NLM_F_MULTI);
	*(int *)mnl_nlmsg_put_extra_header(message, sizeof(int)) = 0;
	end_message();
}

static void put_family(const struct nlmsghdr *request)
{
	struct nlattr *list, *entry;

	begin_generic(request, CTRL_CMD_NEWFAMILY);
	message->nlmsg_flags = 0;
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, VDPA_GENL_NAME);
	mnl_attr_put_u16(message, CTRL_ATTR_FAMILY_ID, FAMILY);
	mnl_attr_put_u32(message, CTRL_ATTR_MAXATTR, 37);
	list = mnl_attr_nest_start(message, CTRL_ATTR_OPS);
	for (uint32_t i = VDPA_CMD_MGMTDEV_GET; i <= VDPA_CMD_DEV_ATTR_SET; i++) {
		entry = mnl_attr_nest_start(message, (uint16_t)i);
		mnl_attr_put_u32(message, CTRL_ATTR_OP_ID, i);
		mnl_attr_nest_end(message, entry);
	}
	mnl_attr_nest_end(message, list);
	end_message();
}

static void put_mgmtdev(const struct nlmsghdr *request, size_t index)
{
	begin_generic(request, VDPA_CMD_MGMTDEV_NEW);
	mnl_attr_put_strz(message, VDPA_ATTR_MGMTDEV_DEV_NAME, mgmtdevs[index].name);
	mnl_attr_put_u64(message, VDPA_ATTR_MGMTDEV_SUPPORTED_CLASSES, mgmtdevs[index].classes);
	mnl_attr_put_u32(message, VDPA_ATTR_DEV_MGMTDEV_MAX_VQS, mgmtdevs[index].max_vqs);
	mnl_attr_put_u64(message, VDPA_ATTR_DEV_SUPPORTED_FEATURES, mgmtdevs[index].features);
	end_message();
}

static void put_dev(const struct nlmsghdr *request, const struct torture_dev *dev)
{
	begin_generic(request, VDPA_CMD_DEV_NEW);
	mnl_attr_put_strz(message, VDPA_ATTR_MGMTDEV_DEV_NAME, dev->mgmtdev);
	mnl_attr_put_strz(message, VDPA_ATTR_DEV_NAME, dev->name);
	mnl_attr_put_u32(message, VDPA_ATTR_DEV_ID, dev->id);
	mnl_attr_put_u32(message, VDPA_ATTR_DEV_VENDOR_ID, 0);
	mnl_attr_put_u32(message, VDPA_ATTR_DEV_MAX_VQS, dev->max_vqs);
	mnl_attr_put_u16(message, VDPA_ATTR_DEV_MAX_VQ_SIZE, 256);
	mnl_attr_put_u16(message, VDPA_ATTR_DEV_MIN_VQ_SIZE, 1);
	end_message();
}

static void put_config(const struct nlmsghdr *request, const struct torture_dev *dev)
{
	begin_generic(request, VDPA_CMD_DEV_CONFIG_GET);
	mnl_attr_put_strz(message, VDPA_ATTR_DEV_NAME, dev->name);
	mnl_attr_put_u32(message, VDPA_ATTR_DEV_ID, dev->id);
	mnl_attr_put_u64(message, VDPA_ATTR_DEV_FEATURES, dev->features);
	mnl_attr_put_u64(message, VDPA_ATTR_DEV_NEGOTIATED_FEATURES, dev->features);
	if (dev->id == 1) {
		mnl_attr_put(message, VDPA_ATTR_DEV_NET_CFG_MACADDR, 6, dev->mac);
		mnl_attr_put_u16(message, VDPA_ATTR_DEV_NET_STATUS, VIRTIO_NET_S_LINK_UP);
		mnl_attr_put_u16(message, VDPA_ATTR_DEV_NET_CFG_MAX_VQP, dev->max_vqp);
		mnl_attr_put_u16(message, VDPA_ATTR_DEV_NET_CFG_MTU, dev->mtu);
	} else {
		mnl_attr_put_u64(message, VDPA_ATTR_DEV_BLK_CFG_CAPACITY, 2048);
	}
	end_message();
}

static void put_statistics(const struct nlmsghdr *request, const struct torture_dev *dev,
			   uint32_t queue_index)
{
	begin_generic(request, VDPA_CMD_DEV_VSTATS_GET);
	mnl_attr_put_strz(message, VDPA_ATTR_DEV_NAME, dev->name);
	mnl_attr_put_u32(message, VDPA_ATTR_DEV_ID, dev->id);
	mnl_attr_put_u64(message, VDPA_ATTR_DEV_NEGOTIATED_FEATURES, dev->features);
	mnl_attr_put_u16(message, VDPA_ATTR_DEV_NET_CFG_MAX_VQP, dev->max_vqp);
	mnl_attr_put_u32(message, VDPA_ATTR_DEV_QUEUE_INDEX, queue_index);
	mnl_attr_put_strz(message, VDPA_ATTR_DEV_VENDOR_ATTR_NAME, "rx packets");
	mnl_attr_put_u64(message, VDPA_ATTR_DEV_VENDOR_ATTR_VALUE, 7);
	mnl_attr_put_strz(message, VDPA_ATTR_DEV_VENDOR_ATTR_NAME, "odd \033 name");
	mnl_attr_put_u64(message, VDPA_ATTR_DEV_VENDOR_ATTR_VALUE, 8);
	end_message();
}

/* Requests */

static const struct nlattr *find(const struct nlmsghdr *request, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static const char *string_of(const struct nlmsghdr *request, uint16_t type)
{
	const struct nlattr *attr = find(request, type);

	return attr ? mnl_attr_get_str(attr) : "";
}

/* A management device by its name; that without a name does not exist either. */
static int find_mgmtdev(const struct nlmsghdr *request, size_t *index)
{
	const char *name = string_of(request, VDPA_ATTR_MGMTDEV_DEV_NAME);
	const size_t count = sizeof(mgmtdevs) / sizeof(mgmtdevs[0]);

	if (!*name)
		return EINVAL;
	for (*index = 0; *index < count; ++*index)
		if (!strcmp(mgmtdevs[*index].name, name))
			return 0;
	return ENODEV;
}

static int create(const struct nlmsghdr *request)
{
	struct torture_dev dev = { .mtu = 1500, .max_vqp = 1, .features = FEATURES };
	const struct nlattr *attr;
	size_t index;
	int code = find_mgmtdev(request, &index);

	if (code)
		return code;
	snprintf(dev.name, sizeof(dev.name), "%s", string_of(request, VDPA_ATTR_DEV_NAME));
	snprintf(dev.mgmtdev, sizeof(dev.mgmtdev), "%s", mgmtdevs[index].name);
	dev.id = mgmtdevs[index].classes & 2 ? 1 : 2;
	/* A device has fewer than its management device has room for. */
	dev.max_vqs = mgmtdevs[index].max_vqs < 4 ? mgmtdevs[index].max_vqs : 2;
	attr = find(request, VDPA_ATTR_DEV_NET_CFG_MTU);
	if (attr)
		dev.mtu = mnl_attr_get_u16(attr);
	attr = find(request, VDPA_ATTR_DEV_NET_CFG_MAX_VQP);
	if (attr)
		dev.max_vqp = mnl_attr_get_u16(attr);
	attr = find(request, VDPA_ATTR_DEV_NET_CFG_MACADDR);
	if (attr)
		memcpy(dev.mac, mnl_attr_get_payload(attr), sizeof(dev.mac));
	attr = find(request, VDPA_ATTR_DEV_FEATURES);
	if (attr)
		dev.features = mnl_attr_get_u64(attr);
	return torture_dev_create(&dev);
}

static int set_mac(const struct nlmsghdr *request)
{
	const struct nlattr *mac = find(request, VDPA_ATTR_DEV_NET_CFG_MACADDR);
	struct torture_dev dev;
	int code = torture_dev_read(string_of(request, VDPA_ATTR_DEV_NAME), &dev);

	if (code || !mac)
		return code ? code : EINVAL;
	memcpy(dev.mac, mnl_attr_get_payload(mac), sizeof(dev.mac));
	return torture_dev_write(&dev);
}

static void put(const struct nlmsghdr *request, uint8_t command, const struct torture_dev *dev)
{
	if (command == VDPA_CMD_DEV_GET)
		put_dev(request, dev);
	else
		put_config(request, dev);
}

/* TORTURE_DEVICES are so many more devices, that only the dump knows, with names to be escaped. */
static void dump_devs(const struct nlmsghdr *request, uint8_t command)
{
	const char *more = getenv("TORTURE_DEVICES");
	const unsigned int extra = more ? (unsigned int)atoi(more) : 0;
	struct torture_dev dev;
	char name[256];
	unsigned int count = 0;

	for (unsigned int i = 0; torture_dev_name(i, name); i++)
		if (!torture_dev_read(name, &dev))
			put(request, command, &dev);
	for (unsigned int i = 0; i < extra; i++) {
		dev = (struct torture_dev){ .id = 1, .mgmtdev = "vdpasim_net" };
		snprintf(dev.name, sizeof(dev.name), "odd \033 %u", i);
		if (count++ % MANY == 0) {
			close_datagram();
			*datagram() = 0;
		}
		put(request, command, &dev);
	}
	finish_dump(request);
}

static void dump(const struct nlmsghdr *request, uint8_t command)
{
	if (command != VDPA_CMD_MGMTDEV_GET) {
		dump_devs(request, command);
		return;
	}
	for (size_t i = 0; i < sizeof(mgmtdevs) / sizeof(mgmtdevs[0]); i++)
		put_mgmtdev(request, i);
	finish_dump(request);
}

static int get(const struct nlmsghdr *request, uint8_t command)
{
	struct torture_dev dev;
	const struct nlattr *index = find(request, VDPA_ATTR_DEV_QUEUE_INDEX);
	int code = torture_dev_read(string_of(request, VDPA_ATTR_DEV_NAME), &dev);

	if (code)
		return code;
	if (command != VDPA_CMD_DEV_VSTATS_GET)
		put(request, command, &dev);
	else if (dev.id != 1 || !index || mnl_attr_get_u32(index) >= dev.max_vqs)
		return EINVAL;
	else
		put_statistics(request, &dev, mnl_attr_get_u32(index));
	return 0;
}

/* Returns 0 or an errno. A reply is acknowledged only where that is asked for. */
static int answer_get(const struct nlmsghdr *request, uint8_t command)
{
	size_t index;
	int code;

	if (request->nlmsg_type == GENL_ID_CTRL) {
		put_family(request);
		return 0;
	}
	if (command != VDPA_CMD_MGMTDEV_GET)
		return get(request, command);
	code = find_mgmtdev(request, &index);
	if (!code)
		put_mgmtdev(request, index);
	return code;
}

static void answer(const struct nlmsghdr *request)
{
	const struct genlmsghdr *generic = mnl_nlmsg_get_payload(request);
	int code;

	if (request->nlmsg_flags & NLM_F_DUMP) {
		dump(request, generic->cmd);
		return;
	}
	if (request->nlmsg_type != GENL_ID_CTRL && generic->cmd == VDPA_CMD_DEV_NEW)
		code = create(request);
	else if (request->nlmsg_type != GENL_ID_CTRL && generic->cmd == VDPA_CMD_DEV_DEL)
		code = torture_dev_delete(string_of(request, VDPA_ATTR_DEV_NAME));
	else if (request->nlmsg_type != GENL_ID_CTRL && generic->cmd == VDPA_CMD_DEV_ATTR_SET)
		code = set_mac(request);
	else
		code = answer_get(request, generic->cmd);
	if (code || request->nlmsg_flags & NLM_F_ACK)
		acknowledge(request, code);
}

/* libmnl's sockets */

struct mnl_socket *mnl_socket_open(int bus)
{
	(void)bus;
	if (torture_call(CALL_SOCKET))
		return NULL;
	the_socket.fd++;
	return &the_socket;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return torture_call(CALL_SOCKET);
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf, socklen_t len)
{
	(void)nl;
	(void)type;
	(void)buf;
	(void)len;
	return torture_call(CALL_SOCKET);
}

int mnl_socket_close(struct mnl_socket *nl)
{
	nl->fd--;
	first = last;
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t siz)
{
	const struct nlmsghdr *request = req;
	int length = (int)siz;

	(void)nl;
	if (torture_call(CALL_SEND))
		return -1;
	torture_pause();
	for (; mnl_nlmsg_ok(request, length); request = mnl_nlmsg_next(request, &length)) {
		open_datagram();
		answer(request);
		close_datagram();
	}
	torture_resume();
	return (ssize_t)siz;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t siz)
{
	const size_t length = *(size_t *)(void *)(queue + first);
	const char *bytes = queue + first + sizeof(size_t);

	(void)nl;
	if (torture_call(CALL_RECEIVE))
		return -1;
	if (first == last || length > siz) {
		errno = first == last ? EPROTO : ENOSPC;
		return -1;
	}
	memcpy(buf, bytes, length);
	first += (sizeof(size_t) + MNL_ALIGN(length) + 8) & ~(size_t)7;
	return (ssize_t)length;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	(void)nl;
	return -1;
}
