/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The field tables of vfio's output. */
#include "view.h"

#include "base/list.h"

#include "model.h"
#include "out/holders-view.h"
#include "payload.h"

#include <stdio.h>

/* For a member that is an array of characters, not a pointer. */
static void write_text(struct out *out, const char *key, const void *member)
{
	out_string(out, key, member);
}

static const struct out_type text_type = { .write = write_text };

#define TEXT(T, member, key_, present_, ...)                                                       \
	{                                                                                          \
		.key = (key_), .type = &text_type, .offset = offsetof(T, member),                  \
		.present = (present_), __VA_ARGS__                                                 \
	}

/* In text an empty list would be a key without a value, so write a word instead. */
static bool write_none(struct out *out, const char *key, uint64_t bits)
{
	if (bits || out->options.json)
		return false;
	out_string(out, key, "none");
	return true;
}

/* Writes the names of the bits, or with -n one number. */
static void write_bits(struct out *out, const char *key, uint64_t bits,
		       const char *(*name)(unsigned int bit, char *text))
{
	char text[24];

	if (out->options.numeric) {
		snprintf(text, sizeof(text), "0x%jx", (uintmax_t)bits);
		out_string(out, key, text);
		return;
	}
	if (write_none(out, key, bits))
		return;
	out_list_begin(out, key);
	for (unsigned int bit = 0; bit < 64; bit++)
		if (bits & BIT64(bit))
			out_string(out, NULL, name(bit, text));
	out_list_end(out);
}

/* Writes each item of a list on a line of its own. */
static void write_lines(struct out *out, const char *key, const struct list *list,
			const struct out_field *fields)
{
	out_table_begin(out, key, NULL);
	for (size_t i = 0; i < list->count; i++)
		out_table_row(out, fields, list->items[i], BIT64(HAS_ALWAYS));
	out_table_end(out);
}

/* Devices */

static void write_state(struct out *out, const char *key, const void *member)
{
	static const struct {
		const char *word;
		enum out_color color;
	} states[] = {
		[DEV_UNKNOWN] = { "unknown", OUT_DOUBTFUL },
		[DEV_FREE] = { "free", OUT_GOOD },
		[DEV_HELD] = { "held", OUT_DOUBTFUL },
	};
	const enum dev_state state = *(const enum dev_state *)member;

	out_string_in(out, key, states[state].word, states[state].color);
}

static const struct out_type state_type = { .write = write_state };

const struct out_field dev_fields[] = {
	OUT_FIELD(struct dev, driver, "driver", DEV_HAS_DRIVER),
	OUT_FIELD(struct dev, iommu_group, "iommu_group", DEV_HAS_GROUP),
	OUT_FIELD(struct dev, group_node, "group_node", DEV_HAS_GROUP_NODE),
	OUT_FIELD(struct dev, cdev, "cdev", DEV_HAS_CDEV),
	OUT_FIELD(struct dev, vfio, "vfio", HAS_ALWAYS, .flags = OUT_DETAILS),
	OUT_FIELD(struct dev, physfn, "physfn", DEV_HAS_PHYSFN, .flags = OUT_DETAILS),
	OUT_FIELD(struct dev, path, "path", HAS_ALWAYS, .flags = OUT_DETAILS),
	OUT_FIELD_OF(struct dev, state, enum dev_state, &state_type, "state", HAS_ALWAYS),
	OUT_FIELD_OF(struct dev, holders, struct list, &out_type_holders, "holders",
		     DEV_HAS_HOLDERS),
	{ 0 },
};

/* Features */

const struct out_field feature_fields[] = {
	OUT_FIELD(struct device_feature, index, "index", HAS_ALWAYS, .width = 6),
	TEXT(struct device_feature, name, "name", HAS_ALWAYS, .width = 28),
	OUT_FIELD(struct device_feature, get, "get", FEATURE_HAS_GET, .width = 4),
	OUT_FIELD(struct device_feature, set, "set", FEATURE_HAS_SET, .width = 4),
	OUT_FIELD(struct device_feature, meaning, "meaning", FEATURE_HAS_MEANING),
	{ 0 },
};

static void write_features(struct out *out, const char *key, const void *member)
{
	const struct list *features = member;

	out_table_begin(out, key, feature_fields);
	for (size_t i = 0; i < features->count; i++) {
		const struct device_feature *feature = features->items[i];

		out_table_row(out, feature_fields, feature, feature->has);
	}
	out_table_end(out);
}

static const struct out_type features_type = { .write = write_features };

const struct out_field features_fields[] = {
	TEXT(struct device_features, verdict, "migration", HAS_ALWAYS),
	OUT_FIELD_OF(struct device_features, list, struct list, &features_type, "features",
		     HAS_ALWAYS),
	{ 0 },
};

static void write_migration(struct out *out, const char *key, const void *member)
{
	write_bits(out, key, *(const uint64_t *)member, migration_flag_name);
}

static const struct out_type migration_type = { .write = write_migration };

const struct out_field value_fields[] = {
	OUT_FIELD(struct value, index, "index", HAS_ALWAYS),
	TEXT(struct value, name, "name", HAS_ALWAYS),
	OUT_FIELD_OF(struct value, flags, uint64_t, &migration_type, "flags", VALUE_HAS_FLAGS),
	OUT_FIELD(struct value, stop_copy_length, "stop_copy_length", VALUE_HAS_LENGTH,
		  .unit = OUT_BYTES),
	TEXT(struct value, state, "state", VALUE_HAS_STATE),
	TEXT(struct value, bytes, "bytes", VALUE_HAS_BYTES),
	TEXT(struct value, token, "token", VALUE_HAS_TOKEN),
	{ 0 },
};

/* Regions */

static void write_flags(struct out *out, const char *key, const void *member)
{
	write_bits(out, key, *(const uint32_t *)member, region_flag_name);
}

static const struct out_type flags_type = { .write = write_flags };

static void write_caps(struct out *out, const char *key, const void *member)
{
	const uint64_t bits = *(const uint64_t *)member;
	char text[BIT_TEXT_SIZE];

	if (write_none(out, key, bits))
		return;
	out_list_begin(out, key);
	for (unsigned int id = 0; id < 64; id++) {
		if (!(bits & BIT64(id)))
			continue;
		if (out->options.numeric)
			out_number(out, NULL, id);
		else
			out_string(out, NULL, region_cap_name(id, text));
	}
	out_list_end(out);
}

static const struct out_type caps_type = { .write = write_caps };

static const struct out_field area_fields[] = {
	OUT_FIELD(struct area, offset, "area_offset", HAS_ALWAYS),
	OUT_FIELD(struct area, size, "area_size", HAS_ALWAYS),
	{ 0 },
};

static void write_areas(struct out *out, const char *key, const void *member)
{
	write_lines(out, key, member, area_fields);
}

static const struct out_type areas_type = { .write = write_areas };

static void write_hex(struct out *out, const char *key, const void *member)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%x", *(const uint32_t *)member);
	out_string(out, key, text);
}

static const struct out_type hex_type = { .write = write_hex };

static const struct out_field region_fields[] = {
	OUT_FIELD(struct region, index, "index", HAS_ALWAYS),
	TEXT(struct region, name, "name", HAS_ALWAYS),
	TEXT(struct region, of, "of", REGION_HAS_OF),
	OUT_FIELD(struct region, size, "size", HAS_ALWAYS, .unit = OUT_BYTES),
	OUT_FIELD(struct region, offset, "offset", HAS_ALWAYS),
	OUT_FIELD_OF(struct region, flags, uint32_t, &flags_type, "flags", HAS_ALWAYS),
	OUT_FIELD_OF(struct region, cap_bits, uint64_t, &caps_type, "capabilities", HAS_ALWAYS),
	OUT_FIELD_OF(struct region, type, uint32_t, &hex_type, "type", REGION_HAS_TYPE),
	OUT_FIELD_OF(struct region, subtype, uint32_t, &hex_type, "subtype", REGION_HAS_TYPE),
	OUT_FIELD_OF(struct region, areas, struct list, &areas_type, "areas", REGION_HAS_AREAS),
	{ 0 },
};

static const struct out_field region_flags_fields[] = {
	OUT_FIELD(struct region, index, "index", HAS_ALWAYS),
	TEXT(struct region, name, "name", HAS_ALWAYS),
	OUT_FIELD(struct region, alias, "alias", HAS_ALWAYS),
	OUT_FIELD_OF(struct region, alias_flags, uint32_t, &flags_type, "flags",
		     REGION_HAS_ALIAS_FLAGS),
	{ 0 },
};

/* A region of size 0 is not there. It is shown only with -d. */
static void write_all(struct out *out, const char *key, const struct list *regions,
		      const struct out_field *fields)
{
	out_table_begin(out, key, NULL);
	for (size_t i = 0; i < regions->count; i++) {
		const struct region *region = regions->items[i];

		if (region->size || out->options.details)
			out_table_row(out, fields, region, region->present);
	}
	out_table_end(out);
}

static void write_regions(struct out *out, const char *key, const void *member)
{
	write_all(out, key, member, region_fields);
}

const struct out_type regions_type = { .write = write_regions };

static void write_region_flags(struct out *out, const char *key, const void *member)
{
	write_all(out, key, member, region_flags_fields);
}

const struct out_type region_flags_type = { .write = write_region_flags };
