/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the decoder of netlink messages, with hostile ones above all. */
#include "test.h"

#include "base/mac.h"
#include "sys/nl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

/* A hostile message must not be read beyond its end; the sanitizers watch. */
#define ROUNDS 200000

struct model {
	const char *name;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	struct mac mac;
};

static const struct nl_attribute rows[] = {
	NL_ATTRIBUTE(struct model, name, 4, 1), NL_ATTRIBUTE(struct model, u8, 35, 2),
	NL_ATTRIBUTE(struct model, u16, 8, 3),	NL_ATTRIBUTE(struct model, u32, 5, 4),
	NL_ATTRIBUTE(struct model, u64, 20, 5), NL_ATTRIBUTE(struct model, mac, 10, 6),
};

/* Returns a message in memory of exactly the length that its header claims. */
static struct nlmsghdr *build(void)
{
	static const uint8_t address[6] = { 2, 0, 0, 0, 0, 1 }, byte = 1;
	static const uint16_t queue_size = 256;
	static const uint64_t features = 0x28;
	struct nlmsghdr *message = mnl_nlmsg_put_header(calloc(1, 256));

	mnl_nlmsg_put_extra_header(message, sizeof(struct genlmsghdr));
	mnl_attr_put_strz(message, 4, "name");
	mnl_attr_put_u32(message, 5, 1);
	mnl_attr_put(message, 8, sizeof(queue_size), &queue_size);
	mnl_attr_put(message, 20, sizeof(features), &features);
	mnl_attr_put(message, 10, sizeof(address), address);
	mnl_attr_put(message, 35, 1, &byte);
	return realloc(message, message->nlmsg_len);
}

static void all_attributes(void)
{
	_cleanup_free_ struct nlmsghdr *message = build();
	struct model model = { 0 };
	struct err err = { 0 };
	uint32_t present = 0;

	CHECK(!nl_decode(message, rows, ARRAY_SIZE(rows), &model, &present, &err));
	CHECK(present == 0x7e);
	CHECK(str_equal(model.name, "name") && model.u8 == 1 && model.u16 == 256);
	CHECK(model.u32 == 1 && model.u64 == 0x28 && model.mac.bytes[5] == 1);
}

static void wrong_sizes(void)
{
	for (uint16_t size = 0; size < 12; size++) {
		_cleanup_free_ struct nlmsghdr *message = mnl_nlmsg_put_header(calloc(1, 256));
		struct model model = { 0 };
		struct err err = { 0 };
		uint32_t present = 0;
		int ret;

		mnl_nlmsg_put_extra_header(message, sizeof(struct genlmsghdr));
		mnl_attr_put(message, 5, size, "abcdefghijkl");
		ret = nl_decode(message, rows, ARRAY_SIZE(rows), &model, &present, &err);
		CHECK(ret == (size == 4 ? 0 : -EBADMSG));
		CHECK(present == (size == 4 ? BIT64(4) : 0));
	}
}

static uint32_t next_random(void)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

/* Checks that all bytes reached through the model are inside the message. */
static int strings_end(const struct nlmsghdr *message, const struct model *model)
{
	const char *end = (const char *)message + message->nlmsg_len;

	return !model->name || model->name + strlen(model->name) < end;
}

static void hostile_bytes(void)
{
	unsigned int refused = 0, taken = 0;

	for (int round = 0; round < ROUNDS; round++) {
		_cleanup_free_ struct nlmsghdr *message = build();
		const uint32_t length = message->nlmsg_len;
		unsigned char *bytes = (unsigned char *)message;
		struct model model = { 0 };
		struct err err = { 0 };
		uint32_t present = 0;

		for (uint32_t n = 1 + next_random() % 6; n; n--)
			bytes[20 + next_random() % (length - 20)] = next_random();
		message->nlmsg_len = 20 + next_random() % (length - 19);
		if (nl_decode(message, rows, ARRAY_SIZE(rows), &model, &present, &err)) {
			CHECK(err.code == EBADMSG && err.text[0]);
			refused++;
		} else {
			CHECK(strings_end(message, &model));
			taken++;
		}
	}
	CHECK(refused > ROUNDS / 100 && taken > ROUNDS / 100);
}

int main(void)
{
	static const struct test tests[] = {
		{ "every kind of attribute is decoded", all_attributes },
		{ "numbers of another size are refused", wrong_sizes },
		{ "hostile bytes are refused or harmless", hostile_bytes },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
