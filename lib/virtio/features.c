/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Converts virtio device types and features to names and back. */
#include "virtio/features.h"

#include "base/mask.h"
#include "base/num.h"
#include "base/similar.h"
#include "base/text.h"
#include "features-table.h"

#include <errno.h>
#include <stdio.h>
#include <strings.h>

/* iproute2's word for a device of this type; for the class its word is "net". */
#define NET_DEVICE "network"

static const struct virtio_type *find_type(uint32_t id)
{
	for (const struct virtio_type *type = virtio_types; type->name; type++)
		if (type->id == id)
			return type;
	return NULL;
}

const char *virtio_type_name(uint32_t id, char text[static VIRTIO_TYPE_TEXT_SIZE])
{
	const struct virtio_type *type = find_type(id);

	if (type)
		return type->name;
	snprintf(text, VIRTIO_TYPE_TEXT_SIZE, "id_%u", id);
	return text;
}

int virtio_type_parse(const char *word, uint32_t *id)
{
	uint64_t number;

	if (str_equal(word, NET_DEVICE)) {
		*id = VIRTIO_TYPE_NET;
		return 0;
	}
	for (const struct virtio_type *type = virtio_types; type->name; type++) {
		if (str_equal(type->name, word)) {
			*id = type->id;
			return 0;
		}
	}
	if (str_starts(word, "id_"))
		word += strlen("id_");
	if (num_parse(word, 1, VIRTIO_TYPE_ANY - 1, &number))
		return -EINVAL;
	*id = number;
	return 0;
}

const char *virtio_type_at(size_t index)
{
	for (const struct virtio_type *type = virtio_types; type->name; type++)
		if (!index--)
			return type->name;
	return NULL;
}

const struct virtio_feature *virtio_feature_at(uint32_t id, size_t index)
{
	const struct virtio_type *type = find_type(id);
	const struct virtio_feature *feature;

	for (feature = type ? type->features : NULL; feature && feature->name; feature++)
		if (!index--)
			return feature;
	for (feature = transport_features; feature->name; feature++)
		if (!index--)
			return feature;
	return NULL;
}

/* The tables are sorted by bit. */
static const struct virtio_feature *find_bit(const struct virtio_feature *feature, unsigned int bit)
{
	for (; feature && feature->name && feature->bit <= bit; feature++)
		if (feature->bit == bit)
			return feature;
	return NULL;
}

const struct virtio_feature *virtio_feature_find(uint32_t id, unsigned int bit)
{
	const struct virtio_feature *feature = find_bit(transport_features, bit);
	const struct virtio_type *type = feature ? NULL : find_type(id);

	/*
	 * No bit of a type is a transport bit as well, and most bits asked for are transport bits.
	 */
	return type ? find_bit(type->features, bit) : feature;
}

const char *virtio_feature_name(uint32_t type, unsigned int bit,
				char text[static VIRTIO_FEATURE_TEXT_SIZE])
{
	const struct virtio_feature *feature = virtio_feature_find(type, bit);

	if (feature)
		return feature->name;
	snprintf(text, VIRTIO_FEATURE_TEXT_SIZE, "bit_%u", bit);
	return text;
}

/* The arguments of virtio_features_parse(), for each part of the word. */
struct request {
	uint32_t type;
	struct bare_hex *bare_hex;
};

/*
 * Files of a thousand devices have many thousands of names, and each is compared with those of a
 * whole table: most differ in their first letter already.
 */
static bool is_same_name(const char *a, const char *b)
{
	return (*a | 0x20) == (*b | 0x20) && !strcasecmp(a, b);
}

static const struct virtio_feature *find_name(const struct virtio_feature *feature,
					      const char *name)
{
	for (; feature && feature->name; feature++)
		if (is_same_name(feature->name, name))
			return feature;
	return NULL;
}

/* Translates names that older headers and programs use. */
static const char *current_name(const char *name)
{
	if (is_same_name(name, "IOMMU_PLATFORM"))
		return "ACCESS_PLATFORM";
	if (is_same_name(name, "WCE"))
		return "FLUSH";
	return name;
}

static const struct virtio_feature *find_feature(uint32_t id, const char *name)
{
	const struct virtio_feature *feature = find_name(transport_features, name);

	for (const struct virtio_type *type = virtio_types; !feature && type->name; type++)
		if (id == VIRTIO_TYPE_ANY || type->id == id)
			feature = find_name(type->features, name);
	return feature;
}

static int number(const char *name, const struct request *request, uint64_t *bits)
{
	struct bare_hex *bare_hex = request->bare_hex;
	int ret;

	if (str_starts(name, "0x") || str_starts(name, "0X") || !bare_hex)
		ret = num_parse(name, 0, UINT64_MAX, bits);
	else
		ret = num_parse_hex(name, bits);
	/* A single decimal digit is the same number either way. */
	if (!ret && bare_hex && name[1] != 'x' && name[1] != 'X' && *bits > 9 &&
	    !bare_hex->digits[0])
		snprintf(bare_hex->digits, sizeof(bare_hex->digits), "%s", name);
	return ret == -EINVAL ? -ENOENT : ret;
}

static int bits_of(const char *name, const void *data, uint64_t *bits)
{
	const struct request *request = data;
	const struct virtio_feature *feature = find_feature(request->type, current_name(name));
	uint64_t bit;
	int ret;

	if (feature) {
		/* Some features are beyond the 64 bits of these interfaces. */
		if (feature->bit >= 64)
			return -ERANGE;
		*bits = BIT64(feature->bit);
		return 0;
	}
	if (!strncasecmp(name, "bit_", 4)) {
		ret = num_parse(name + 4, 0, 63, &bit);
		if (!ret)
			*bits = BIT64(bit);
		return ret;
	}
	return number(name, request, bits);
}

static void try_names(struct similar *similar, const struct virtio_feature *feature)
{
	for (; feature && feature->name; feature++)
		similar_try(similar, feature->name);
}

/* @name: has @length bytes, with the dash of a feature to clear. */
static int unknown_feature(const char *name, size_t length, uint32_t id, struct err *err)
{
	char text[VIRTIO_TYPE_TEXT_SIZE];
	const size_t dash = *name == '-';
	struct similar similar;

	similar_init(&similar, name + dash, length - dash);
	try_names(&similar, transport_features);
	for (const struct virtio_type *type = virtio_types; type->name; type++)
		if (id == VIRTIO_TYPE_ANY || type->id == id)
			try_names(&similar, type->features);
	if (id == VIRTIO_TYPE_ANY)
		err_usage(err, "'%.*s' is not a feature name, bit_N or number", (int)length, name);
	else
		err_usage(err, "'%.*s' is not a feature of devices of type %s", (int)length, name,
			  virtio_type_name(id, text));
	similar_suggest(&similar, err);
	return -EINVAL;
}

int virtio_features_parse(const char *word, uint32_t type, struct bare_hex *bare_hex,
			  uint64_t *mask, struct err *err)
{
	const struct request request = { .type = type, .bare_hex = bare_hex };
	const char *bad;
	size_t length;
	int ret;

	ret = mask_parse(word, bits_of, &request, mask, &bad, &length, err);
	return ret == -ENOENT ? unknown_feature(bad, length, type, err) : ret;
}

void virtio_features_format(uint64_t mask, uint32_t type, char *storage, size_t size)
{
	struct text text = text_begin(storage, size);
	char name[VIRTIO_FEATURE_TEXT_SIZE];

	for (unsigned int bit = 0; bit < 64; bit++)
		if (mask & BIT64(bit))
			text_join(&text, ",", "%s", virtio_feature_name(type, bit, name));
	if (text.cut && size > sizeof("..."))
		memcpy(storage + size - sizeof("..."), "...", sizeof("..."));
}
