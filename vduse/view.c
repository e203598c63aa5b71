/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The field tables of vduse's output. */
#include "view.h"

#include "abi/vduse.h"
#include "base/list.h"
#include "vduse/model/model.h"
#include "virtio/view.h"

#include <stdio.h>

static void write_hex(struct out *out, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%jx", (uintmax_t)value);
	out_string(out, key, text);
}

/* The output is one row, and this is its only field. */
static void write_version(struct out *out, const char *key, const void *member)
{
	const struct version *version = member;

	out_group_begin(out, key);
	out_number(out, "kernel", version->kernel);
	out_number(out, "tool", version->tool);
	out_group_end(out);
}

static const struct out_type version_type = { .write = write_version };

const struct out_field version_fields[] = {
	{ .key = "version", .type = &version_type, .present = HAS_ALWAYS },
	{ 0 },
};

static void write_vduse_features(struct out *out, const char *key, const void *member)
{
	const struct vduse_features *features = member;
	char text[VIRTIO_FEATURE_TEXT_SIZE];

	if (out->options.numeric) {
		write_hex(out, key, features->bits);
		return;
	}
	out_list_begin(out, key);
	for (unsigned int bit = 0; bit < 64; bit++)
		if (features->bits & BIT64(bit))
			out_string(out, NULL, vduse_feature_name(bit, text));
	out_list_end(out);
}

static const struct out_type vduse_features_type = { .write = write_vduse_features };

const struct out_field features_fields[] = {
	{ .key = "features", .type = &vduse_features_type, .present = HAS_ALWAYS },
	{ 0 },
};

static void write_state(struct out *out, const char *key, const void *member)
{
	const enum dev_state state = *(const enum dev_state *)member;

	out_string_in(out, key, dev_state_names[state],
		      state == STATE_SERVED ? OUT_GOOD : OUT_DOUBTFUL);
}

static const struct out_type state_type = { .write = write_state };

/* For a member that is an array of characters, not a pointer. */
static void write_text(struct out *out, const char *key, const void *member)
{
	out_string(out, key, member);
}

static const struct out_type text_type = { .write = write_text };

static const struct out_field queue_fields[] = {
	OUT_FIELD(struct dev_queue, index, "index", HAS_ALWAYS),
	OUT_FIELD(struct dev_queue, irq_cb_affinity, "irq_cb_affinity", HAS_ALWAYS),
	{ 0 },
};

static void write_queues(struct out *out, const char *key, const void *member)
{
	const struct list *queues = member;

	out_table_begin(out, key, NULL);
	for (size_t i = 0; i < queues->count; i++)
		out_table_row(out, queue_fields, queues->items[i], BIT64(HAS_ALWAYS));
	out_table_end(out);
}

static const struct out_type queues_type = { .write = write_queues };

const struct out_field dev_fields[] = {
	OUT_FIELD_OF(struct dev, state, enum dev_state, &state_type, "state", HAS_ALWAYS),
	OUT_FIELD(struct dev, pid, "pid", DEV_HAS_HOLDER),
	{ .key = "command",
	  .type = &text_type,
	  .offset = offsetof(struct dev, command),
	  .present = DEV_HAS_HOLDER },
	OUT_FIELD(struct dev, attached, "attached", HAS_ALWAYS),
	{ .key = "driver",
	  .type = &text_type,
	  .offset = offsetof(struct dev, driver),
	  .present = DEV_HAS_DRIVER },
	OUT_FIELD_OF(struct dev, type, struct device_type, &out_type_device_type, "type",
		     DEV_HAS_TYPE),
	OUT_FIELD(struct dev, vqs, "vqs", DEV_HAS_VQS),
	OUT_FIELD(struct dev, msg_timeout, "msg_timeout", DEV_HAS_MSG_TIMEOUT, .unit = OUT_SECONDS),
	OUT_FIELD(struct dev, bounce_size, "bounce_size", DEV_HAS_BOUNCE_SIZE, .unit = OUT_BYTES),
	OUT_FIELD(struct dev, age, "age", DEV_HAS_AGE, .unit = OUT_SECONDS),
	OUT_FIELD(struct dev, chardev, "chardev", HAS_ALWAYS),
	OUT_FIELD_OF(struct dev, queues, struct list, &queues_type, "queues", DEV_HAS_QUEUES,
		     .flags = OUT_DETAILS),
	{ 0 },
};

static void write_address(struct out *out, const char *key, const void *member)
{
	write_hex(out, key, *(const uint64_t *)member);
}

static const struct out_type address_type = { .write = write_address };

#define ADDRESS(T, member, key) OUT_FIELD_OF(T, member, uint64_t, &address_type, key, HAS_ALWAYS)
#define PACKED(member)		OUT_FIELD(struct vq, member, #member, VQ_IS_PACKED)

static const struct out_field vq_fields[] = {
	OUT_FIELD(struct vq, index, "index", HAS_ALWAYS),
	OUT_FIELD(struct vq, size, "size", HAS_ALWAYS),
	OUT_FIELD(struct vq, ready, "ready", HAS_ALWAYS),
	ADDRESS(struct vq, desc, "desc"),
	ADDRESS(struct vq, driver, "driver"),
	ADDRESS(struct vq, device, "device"),
	OUT_FIELD(struct vq, avail_index, "avail_index", VQ_IS_SPLIT),
	PACKED(last_avail_counter),
	PACKED(last_avail_index),
	PACKED(last_used_counter),
	PACKED(last_used_index),
	{ 0 },
};

static void write_vqs(struct out *out, const char *key, const void *member)
{
	const struct list *vqs = member;

	out_table_begin(out, key, NULL);
	for (size_t i = 0; i < vqs->count; i++) {
		const struct vq *vq = vqs->items[i];

		out_table_row(out, vq_fields, vq, vq->present);
	}
	out_table_end(out);
}

const struct out_type vqs_type = { .write = write_vqs };

static void write_capability(struct out *out, const char *key, const void *member)
{
	const uint64_t bits = *(const uint64_t *)member;
	char text[VIRTIO_FEATURE_TEXT_SIZE];

	if (out->options.numeric) {
		write_hex(out, key, bits);
		return;
	}
	if (!bits && !out->options.json) {
		out_string(out, key, "none");
		return;
	}
	out_list_begin(out, key);
	for (unsigned int bit = 0; bit < 64; bit++) {
		snprintf(text, sizeof(text), "bit_%u", bit);
		if (bits & BIT64(bit))
			out_string(out, NULL, bit == VDUSE_IOVA_CAP_UMEM ? "UMEM" : text);
	}
	out_list_end(out);
}

static const struct out_type capability_type = { .write = write_capability };

static const struct out_field iotlb_fields[] = {
	OUT_FIELD(struct iotlb, asid, "asid", IOTLB_HAS_ASID),
	ADDRESS(struct iotlb, start, "start"),
	ADDRESS(struct iotlb, last, "last"),
	OUT_FIELD_OF(struct iotlb, capability, uint64_t, &capability_type, "capability",
		     HAS_ALWAYS),
	{ 0 },
};

static void write_iotlbs(struct out *out, const char *key, const void *member)
{
	const struct list *iotlbs = member;

	out_table_begin(out, key, NULL);
	for (size_t i = 0; i < iotlbs->count; i++) {
		const struct iotlb *iotlb = iotlbs->items[i];

		out_table_row(out, iotlb_fields, iotlb, iotlb->present);
	}
	out_table_end(out);
}

const struct out_type iotlbs_type = { .write = write_iotlbs };
