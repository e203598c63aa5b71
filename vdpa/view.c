/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view.h"

#include "features.h"
#include "model.h"

#include <stdio.h>

static void write_features(struct out *out, const char *key, const void *member)
{
	const struct feature_set *set = member;
	char text[FEATURE_TEXT_SIZE];

	if (out->options.numeric) {
		snprintf(text, sizeof(text), "0x%jx", (uintmax_t)set->bits);
		out_string(out, key, text);
		return;
	}
	out_list_begin(out, key);
	for (unsigned int bit = 0; bit < 64; bit++)
		if (set->bits & BIT64(bit))
			out_string(out, NULL, feature_name(set->type, bit, text));
	out_list_end(out);
}

static const struct out_type features_type = { .write = write_features };

static void write_classes(struct out *out, const char *key, const void *member)
{
	const struct class_set *set = member;
	char text[VIRTIO_TYPE_TEXT_SIZE];

	out_list_begin(out, key);
	for (unsigned int id = 0; id < 64; id++) {
		if (!(set->bits & BIT64(id)))
			continue;
		if (out->options.numeric)
			out_number(out, NULL, id);
		else
			out_string(out, NULL, virtio_type_name(id, text));
	}
	out_list_end(out);
}

static const struct out_type classes_type = { .write = write_classes };

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

static const struct out_type type_type = { .write = write_type };

const struct out_field mgmtdev_fields[] = {
	OUT_FIELD_OF(struct mgmtdev, classes, struct class_set, &classes_type, "supported_classes",
		     MGMTDEV_HAS_CLASSES, .flags = OUT_LINE),
	OUT_FIELD(struct mgmtdev, max_vqs, "max_supported_vqs", MGMTDEV_HAS_MAX_VQS,
		  .flags = OUT_LINE),
	OUT_FIELD_OF(struct mgmtdev, features, struct feature_set, &features_type, "dev_features",
		     MGMTDEV_HAS_FEATURES, .flags = OUT_LINE),
	{ 0 },
};

const struct out_field dev_fields[] = {
	OUT_FIELD_OF(struct dev, type, struct device_type, &type_type, "type", DEV_HAS_TYPE),
	OUT_FIELD(struct dev, mgmtdev, "mgmtdev", HAS_ALWAYS),
	OUT_FIELD(struct dev, vendor_id, "vendor_id", DEV_HAS_VENDOR_ID),
	OUT_FIELD(struct dev, max_vqs, "max_vqs", DEV_HAS_MAX_VQS),
	OUT_FIELD(struct dev, max_vq_size, "max_vq_size", DEV_HAS_MAX_VQ_SIZE),
	OUT_FIELD(struct dev, min_vq_size, "min_vq_size", DEV_HAS_MIN_VQ_SIZE_LIMIT),
	/* A minimum of 1 limits nothing. */
	OUT_FIELD(struct dev, min_vq_size, "min_vq_size", DEV_HAS_MIN_VQ_SIZE,
		  .flags = OUT_DETAILS),
	{ 0 },
};
