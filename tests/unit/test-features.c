/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the names of virtio types and features, in both directions. */
#include "test.h"

#include "virtio/features.h"

#include <strings.h>

static void names_of_types(void)
{
	char text[VIRTIO_TYPE_TEXT_SIZE];
	const char *name;
	uint32_t id, again;
	size_t count = 0;

	for (; (name = virtio_type_at(count)); count++) {
		CHECK(!virtio_type_parse(name, &id));
		CHECK(str_equal(virtio_type_name(id, text), name));
		for (const char *c = name; *c; c++)
			CHECK((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_');
	}
	CHECK(count > 35);
	CHECK(!virtio_type_parse("network", &id) && id == VIRTIO_TYPE_NET);
	CHECK(!virtio_type_parse("2", &id) && id == VIRTIO_TYPE_BLOCK);
	CHECK(str_equal(virtio_type_name(44, text), "id_44"));
	CHECK(!virtio_type_parse("id_44", &again) && again == 44);
	CHECK(virtio_type_parse("nets", &id) && virtio_type_parse("", &id));
	CHECK(virtio_type_parse("0", &id) && virtio_type_parse("id_", &id));
}

/* Each name of each type leads back to its own bit, and no name or bit occurs twice. */
static void names_of_features(void)
{
	struct err err = { 0 };
	size_t count = 0;
	uint32_t type;
	const char *name;

	for (size_t t = 0; (name = virtio_type_at(t)); t++) {
		const struct virtio_feature *feature, *other;

		CHECK(!virtio_type_parse(name, &type));
		for (size_t i = 0; (feature = virtio_feature_at(type, i)); i++, count++) {
			uint64_t mask;

			CHECK(feature->meaning && *feature->meaning);
			CHECK(virtio_feature_find(type, feature->bit) == feature);
			for (size_t j = 0; j < i; j++) {
				other = virtio_feature_at(type, j);
				CHECK(other->bit != feature->bit);
				CHECK(strcasecmp(other->name, feature->name));
			}
			if (feature->bit >= 64)
				continue;
			CHECK(!virtio_features_parse(feature->name, type, NULL, &mask, &err));
			CHECK(mask == BIT64(feature->bit));
		}
	}
	CHECK(count > 500);
}

static void masks(void)
{
	struct err err = { 0 };
	struct bare_hex bare_hex = { 0 };
	char text[64];
	uint64_t mask;

	CHECK(!virtio_features_parse("MAC,mtu,bit_0,0x10,-bit_0", 1, NULL, &mask, &err) &&
	      mask == 0x38);
	CHECK(!virtio_features_parse("16", 1, NULL, &mask, &err) && mask == 16);
	CHECK(!virtio_features_parse("0x1,16,8", 1, &bare_hex, &mask, &err) && mask == 0x1f);
	CHECK(str_equal(bare_hex.digits, "16"));
	CHECK(!virtio_features_parse("WCE", 2, NULL, &mask, &err) && mask == BIT64(9));
	CHECK(virtio_features_parse("CSUM", 2, NULL, &mask, &err));
	CHECK(!virtio_features_parse("CSUM", VIRTIO_TYPE_ANY, NULL, &mask, &err));
	CHECK(virtio_features_parse("HOST_UDP_TUNNEL_GSO", 1, NULL, &mask, &err));
	CHECK(virtio_features_parse("bit_64", 1, NULL, &mask, &err));
	CHECK(virtio_features_parse("MAC,,MTU", 1, NULL, &mask, &err));
	CHECK(virtio_features_parse("-", 1, NULL, &mask, &err));
	virtio_features_format(0x8000000000000028, 1, text, sizeof(text));
	CHECK(str_equal(text, "MTU,MAC,SPEED_DUPLEX"));
	virtio_features_format(UINT64_MAX, 1, text, sizeof(text));
	CHECK(strlen(text) == sizeof(text) - 1);
	CHECK(str_equal(text + strlen(text) - 3, "..."));
}

int main(void)
{
	static const struct test tests[] = {
		{ "types have names and numbers", names_of_types },
		{ "features of all types have names and bits", names_of_features },
		{ "masks of names and numbers", masks },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
