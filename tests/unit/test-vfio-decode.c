/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the decoder of VFIO's answers, with hostile ones above all. */
#include "test.h"

#include "abi/vfio.h"
#include "base/list.h"
#include "base/uuid.h"
#include "vfio/model.h"
#include "vfio/payload.h"

#include <errno.h>

/* Any bytes after a region's info: the decoder must stop, and read nothing beyond them. */
static void hostile_regions(void)
{
	srandom(1);
	for (int round = 0; round < 20000; round++) {
		const size_t size = sizeof(struct vfio_region_info) + random() % 200;
		struct vfio_region_info *info = malloc(size);
		struct region region = { 0 };

		CHECK(info);
		/* Only small offsets lead anywhere, so prefer them. */
		for (size_t i = 0; i < size; i++)
			((uint8_t *)info)[i] = random() % 3 ? 0 : random() % (round % 2 ? 256 : 64);
		info->flags |= BIT64(VFIO_REGION_CAPS);
		info->cap_offset = random() % (size + 8);
		CHECK(!region_decode(info, size, &region));
		CHECK(region.areas.count * sizeof(struct area) < size);
		list_clear(&region.areas);
		free(info);
	}
}

static void names(void)
{
	struct device_feature feature = { 0 };
	enum index_11 kind;
	const char *name;
	uint16_t index;
	uint32_t region;

	for (size_t i = 0; (name = feature_name_at(i)); i++) {
		CHECK(!feature_parse(name, &index, &kind));
		CHECK(index == (i < FEATURE_KNOWN ? i : VFIO_INDEX_11));
		feature_describe(&feature, index, kind, false);
		CHECK(!strcmp(feature.name, name));
	}
	for (uint32_t i = 0; i <= UINT16_MAX; i++) {
		feature_describe(&feature, i, INDEX_11_NONE, i % 2);
		CHECK(!feature_parse(feature.name, &index, &kind) && index == i);
	}
	CHECK(!feature_parse("11", &index, &kind) && kind == INDEX_11_NONE);
	CHECK(feature_parse("65536", &index, &kind) == -ERANGE);
	CHECK(feature_parse("", &index, &kind) == -ENOENT);
	CHECK(feature_parse("feature_", &index, &kind) < 0);
	CHECK(feature_parse("nope", &index, &kind) == -ENOENT);
	CHECK(!region_parse("config", &region) && region == VFIO_PCI_CONFIG);
	CHECK(!region_parse("region_12", &region) && region == 12);
	CHECK(region_parse("bar6", &region) < 0 && region_parse("region_", &region) < 0);
}

/* An encoded payload has the size that the kernel requires. */
static void payloads(void)
{
	static const uint32_t set = 1; /* in the byte order of the machine */
	struct uuid secret = { { 1, 2, 3 } };
	static struct payload payload;
	struct err err;

	CHECK(!payload_encode(VFIO_PCI_VF_TOKEN, "no matter", &secret, &payload, &err));
	CHECK(payload.size == 16 && !memcmp(payload.bytes, &secret, 16));
	CHECK(!payload_encode(VFIO_BUS_MASTER, "set", NULL, &payload, &err));
	CHECK(payload.size == 4 && !memcmp(payload.bytes, &set, 4));
	CHECK(!payload_encode(VFIO_LOW_POWER_EXIT, NULL, NULL, &payload, &err) && !payload.size);
	CHECK(!payload_encode(200, "hex:00ff", NULL, &payload, &err) && payload.size == 2);
	CHECK(payload_encode(200, "hex:00f", NULL, &payload, &err) < 0);
	CHECK(payload_encode(200, "00ff", NULL, &payload, &err) < 0);
	CHECK(payload_encode(VFIO_BUS_MASTER, "hex:00", NULL, &payload, &err) < 0);
}

int main(void)
{
	static const struct test tests[] = {
		{ "regions of hostile bytes", hostile_regions },
		{ "names and numbers of features and regions", names },
		{ "payloads", payloads },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
