/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes members by their C types. */
#include "base/mac.h"
#include "out/out.h"

static void write_string(struct out *out, const char *key, const void *member)
{
	out_string(out, key, *(const char *const *)member);
}

static void write_u8(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint8_t *)member);
}

static void write_u16(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint16_t *)member);
}

static void write_u32(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint32_t *)member);
}

static void write_u64(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint64_t *)member);
}

static void write_flag(struct out *out, const char *key, const void *member)
{
	out_bool(out, key, *(const bool *)member);
}

static void write_mac(struct out *out, const char *key, const void *member)
{
	char text[MAC_TEXT_SIZE];

	mac_format(member, text);
	out_string(out, key, text);
}

const struct out_type out_type_string = { .write = write_string };
const struct out_type out_type_u8 = { .write = write_u8 };
const struct out_type out_type_u16 = { .write = write_u16 };
const struct out_type out_type_u32 = { .write = write_u32 };
const struct out_type out_type_u64 = { .write = write_u64 };
const struct out_type out_type_flag = { .write = write_flag };
const struct out_type out_type_mac = { .write = write_mac };
