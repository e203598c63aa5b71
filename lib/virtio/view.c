/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes virtio device types and features. */
#include "virtio/view.h"

#include "virtio/features.h"

#include <stdio.h>

static void write_features(struct out *out, const char *key, const void *member)
{
	const struct feature_set *set = member;
	char text[VIRTIO_FEATURE_TEXT_SIZE];

	if (out->options.numeric) {
		snprintf(text, sizeof(text), "0x%jx", (uintmax_t)set->bits);
		out_string(out, key, text);
		return;
	}
	out_list_begin(out, key);
	for (uint64_t bits = set->bits; bits; bits &= bits - 1) {
		unsigned int bit = (unsigned int)__builtin_ctzll(bits);

		out_string(out, NULL, virtio_feature_name(set->type, bit, text));
	}
	out_list_end(out);
}

const struct out_type out_type_features = { .write = write_features };

static void write_type(struct out *out, const char *key, const void *member)
{
	const struct device_type *type = member;
	char text[VIRTIO_TYPE_TEXT_SIZE];

	if (out->options.numeric)
		out_number(out, key, type->id);
	else if (type->id == VIRTIO_TYPE_NET)
		out_string(out, key, "network");
	else
		out_string(out, key, virtio_type_name(type->id, text));
}

const struct out_type out_type_device_type = { .write = write_type };

static void write_flag(struct out *out, const char *key, const void *member)
{
	out_bool(out, key, *(const uint8_t *)member);
}

const struct out_type out_type_byte_flag = { .write = write_flag };
