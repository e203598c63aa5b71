/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the statistics of queues. */
#include "kernel.h"

#include "abi/vdpa.h"
#include "base/list.h"
#include "explain.h"
#include "virtio/features.h"
#include "wire.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

struct run {
	const struct stats_request *requests;
	size_t count;
	void (*failed)(void *data, const struct stats_request *request, int ret,
		       const struct err *err);
	void *data;
};

/* The attributes that precede the counters. */
struct stats_message {
	uint32_t type, present;
	uint64_t negotiated;
	uint16_t max_vqp;
};

static const struct nl_attribute attributes[] = {
	NL_ATTRIBUTE(struct stats_message, type, VDPA_ATTR_DEV_ID, QUEUE_STATS_HAS_TYPE),
	NL_ATTRIBUTE(struct stats_message, negotiated, VDPA_ATTR_DEV_NEGOTIATED_FEATURES,
		     QUEUE_STATS_HAS_NEGOTIATED),
	NL_ATTRIBUTE(struct stats_message, max_vqp, VDPA_ATTR_DEV_NET_CFG_MAX_VQP,
		     QUEUE_STATS_HAS_MAX_VQP),
};

static bool build(void *data, size_t index, struct nlmsghdr *request)
{
	const struct run *run = data;

	if (index == run->count)
		return false;
	mnl_attr_put_strz(request, VDPA_ATTR_DEV_NAME, run->requests[index].dev->name);
	mnl_attr_put_u32(request, VDPA_ATTR_DEV_QUEUE_INDEX, run->requests[index].index);
	return true;
}

/*
 * A counter: the kernel repeats a name attribute and a value attribute, and only their order ties a
 * value to its name. A table of attributes, as for other messages, would keep the last pair only.
 */
struct pair {
	const char *name;
	size_t size; /* of the name, with the terminating NUL */
	uint64_t value;
};

static void take_name(const char *payload, size_t size, struct pair *pair)
{
	const char *end = memchr(payload, '\0', size);

	pair->name = end ? payload : NULL;
	pair->size = end ? (size_t)(end - payload) + 1 : 0;
}

/*
 * Finds the next pair from @at on, and moves @at after it. Returns false at the end. A name without
 * NUL and a value of the wrong size are skipped. nl_decode() has checked before that each attribute
 * lies within the message.
 */
static bool next_pair(const char **at, const char *end, struct pair *pair)
{
	*pair = (struct pair){ 0 };
	while (end - *at >= (ptrdiff_t)sizeof(struct nlattr)) {
		const struct nlattr *attr = (const struct nlattr *)*at;
		const char *payload = *at + MNL_ATTR_HDRLEN;
		size_t size = attr->nla_len - MNL_ATTR_HDRLEN;

		*at += MNL_ALIGN(attr->nla_len);
		if (attr->nla_type == VDPA_ATTR_DEV_VENDOR_ATTR_NAME)
			take_name(payload, size, pair);
		if (attr->nla_type == VDPA_ATTR_DEV_VENDOR_ATTR_VALUE && pair->name &&
		    size == sizeof(pair->value)) {
			memcpy(&pair->value, payload, sizeof(pair->value));
			return true;
		}
	}
	return false;
}

static struct queue_stats *new_queue(struct list *queues, const struct nlmsghdr *message)
{
	const char *const first = mnl_nlmsg_get_payload_offset(message, sizeof(struct genlmsghdr));
	const char *const end = (const char *)message + message->nlmsg_len, *at = first;
	size_t count = 0, names = 0;
	struct queue_stats *queue;
	struct pair pair;
	char *name;

	while (next_pair(&at, end, &pair)) {
		count++;
		names += pair.size;
	}
	queue = list_new(queues, sizeof(*queue) + count * sizeof(struct counter) + names);
	if (!queue)
		return NULL;
	queue->counters = (struct counters){ .counters = (struct counter *)(queue + 1) };
	name = (char *)(queue->counters.counters + count);
	at = first;
	while (next_pair(&at, end, &pair)) {
		queue->counters.counters[queue->counters.count++] =
			(struct counter){ name, pair.value, pair.value };
		memcpy(name, pair.name, pair.size);
		name += pair.size;
	}
	return queue;
}

static int reply(const struct nlmsghdr *message, void *data, size_t index, struct err *err)
{
	const struct run *run = data;
	const struct stats_request *request = &run->requests[index];
	struct stats_message taken = { 0 };
	struct queue_stats *queue;
	int ret;

	ret = nl_decode(message, attributes, ARRAY_SIZE(attributes), &taken, &taken.present, err);
	if (ret)
		return ret;
	queue = new_queue(&request->stats->queues, message);
	if (!queue)
		return err_memory(err);
	queue->index = request->index;
	queue->type = request->dev->type.id != VIRTIO_TYPE_NET
			      ? NULL
			      : net_queue_type(request->index, taken.negotiated, taken.max_vqp,
					       request->dev->max_vqs);
	return 0;
}

void kernel_stats_explain(struct err *err, const struct dev *dev, uint32_t index)
{
	const int code = err->code;

	/* Drivers answer with a bare EINVAL. */
	if (code == EINVAL && index >= dev->max_vqs)
		err_set(err, EINVAL, "it has no queue %u: there are %u, numbered from 0", index,
			dev->max_vqs);
	if (code == EOPNOTSUPP)
		err_set(err, EOPNOTSUPP,
			"its driver keeps no statistics, or the kernel reports "
			"none for its type");
	explain_dev(err, dev->name, "read the statistics of");
	if (code == EAGAIN)
		err_hint(err, "no driver has set the device up yet: start a virtual machine that "
			      "uses it, or run 'vdpa dev set DEV driver virtio_vdpa'");
}

static void done(void *data, size_t index, int ret, const struct err *err)
{
	const struct run *run = data;

	/*
	 * EAGAIN has two senders. The core means the whole device, and adds its own words; a driver
	 * means one queue that was not set up, and adds none.
	 */
	if (ret == -EAGAIN && !str_starts(err->text, "vdpa: "))
		ret = -ENODATA;
	if (ret)
		run->failed(run->data, &run->requests[index], ret, err);
}

int kernel_stats(struct nl *nl, const struct stats_request *requests, size_t count,
		 void (*failed)(void *data, const struct stats_request *request, int ret,
				const struct err *err),
		 void *data, struct err *err)
{
	static const struct nl_pipeline pipeline = {
		.command = VDPA_CMD_DEV_VSTATS_GET, .build = build, .reply = reply, .done = done
	};
	struct run run = { requests, count, failed, data };

	if (!nl_pipeline(nl, &pipeline, &run, err))
		return 0;
	return explain(err, "read statistics");
}
