/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests numbers, addresses, masks, UUIDs, escapes and lists, in both directions. */
#include "base/index.h"
#include "test.h"

#include "base/amount.h"
#include "base/escape.h"
#include "base/list.h"
#include "base/mac.h"
#include "base/num.h"
#include "base/pci.h"
#include "base/uuid.h"

#include <errno.h>

static void numbers(void)
{
	static const char *const bad[] = { "",	  " 1",	 "1 ",	"-1",  "+1",  "0x",  "0x0x1",
					   "1e3", "abc", "0b1", "1_0", "0xg", "1.0", "\t1" };
	uint64_t value = 7;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CHECK(num_parse(bad[i], 0, UINT64_MAX, &value) == -EINVAL && value == 7);
	CHECK(!num_parse("0", 0, 10, &value) && value == 0);
	CHECK(!num_parse("010", 0, 10, &value) && value == 10);
	CHECK(!num_parse("0xFf", 0, 255, &value) && value == 255);
	CHECK(!num_parse("18446744073709551615", 0, UINT64_MAX, &value) && value == UINT64_MAX);
	CHECK(!num_parse("0xffffffffffffffff", 0, UINT64_MAX, &value) && value == UINT64_MAX);
}

static void ranges(void)
{
	uint64_t value = 7;

	CHECK(num_parse("67", 68, 65535, &value) == -ERANGE);
	CHECK(num_parse("65536", 68, 65535, &value) == -ERANGE);
	CHECK(num_parse("18446744073709551616", 0, UINT64_MAX, &value) == -ERANGE);
	CHECK(num_parse("99999999999999999999999999", 0, UINT64_MAX, &value) == -ERANGE);
	CHECK(num_parse_hex("10000000000000000", &value) == -ERANGE);
	CHECK(value == 7);
	CHECK(!num_parse_hex("16", &value) && value == 0x16);
	CHECK(num_parse_hex("0x16", &value) == -EINVAL);
}

static void macs(void)
{
	static const char *const bad[] = {
		"",
		"10.0.0.1",
		"1:2",
		"02:00:00:00:00",
		"0:0:0:0:0:0:0",
		"02:00:00:00:00:0g",
		"002:0:0:0:0:0",
		"02:00:00:00:00:",
		":::::",
		"02-00-00-00-00-01",
		"02:00:00:00:00:01 ",
		" 2:0:0:0:0:1",
	};
	static const uint8_t one[6] = { 2, 0, 0, 0, 0xab, 1 };
	char text[MAC_TEXT_SIZE];
	struct mac mac;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CHECK(mac_parse(bad[i], &mac) == -EINVAL);
	CHECK(!mac_parse("2:0:00:0:aB:1", &mac) && !memcmp(mac.bytes, one, 6));
	mac_format(&mac, text);
	CHECK(str_equal(text, "02:00:00:00:ab:01"));
	CHECK(mac_is_unicast(&mac));
	CHECK(!mac_parse("0:0:0:0:0:0", &mac) && !mac_is_unicast(&mac));
	CHECK(!mac_parse("ff:ff:ff:ff:ff:ff", &mac) && !mac_is_unicast(&mac));
	CHECK(!mac_parse("01:00:5e:00:00:01", &mac) && !mac_is_unicast(&mac));
}

static void pci_addresses(void)
{
	CHECK(pci_address_valid("0000:65:00.2"));
	CHECK(pci_address_valid("10000:e1:1f.7"));
	CHECK(!pci_address_valid("65:00.2"));
	CHECK(!pci_address_valid("0000:65:00.8"));
	CHECK(!pci_address_valid("0000:65:00.2 "));
	CHECK(!pci_address_valid("0000:65:00"));
	CHECK(!pci_address_valid("0000:65:0x.2"));
	CHECK(!pci_address_valid(""));
}

static void escapes(void)
{
	static const struct {
		const char *in, *terminal, *json;
	} cases[] = {
		{ "plain text:1", NULL, NULL },
		{ "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", NULL, NULL },
		{ "a\nb", "a\\x0ab", NULL },
		{ "\x1b[31m", "\\x1b[31m", NULL },
		{ "\x7f", "\\x7f", NULL },
		{ "\xc2\x9b", "\\xc2\\x9b", NULL },
		{ "\xff", "\\xff", "\\xff" },
		{ "\xc0\x80", "\\xc0\\x80", "\\xc0\\x80" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xe2\x82", "\\xe2\\x82", "\\xe2\\x82" },
		{ "\\xff", "\\x5cxff", "\\x5cxff" },
		{ "\\xfg\\x", NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *terminal = escape(cases[i].in, ESCAPE_FOR_TERMINAL);
		_cleanup_free_ char *json = escape(cases[i].in, ESCAPE_FOR_JSON);

		CHECK(str_equal(terminal, cases[i].terminal ?: cases[i].in));
		CHECK(str_equal(json, cases[i].json ?: cases[i].in));
	}
}

static void uuids(void)
{
	static const char *const wrong[] = {
		"",
		"6ba7b810-9dad-11d1-80b4-00c04fd430c",
		"6ba7b810-9dad-11d1-80b4-00c04fd430c88",
		"6ba7b8109-dad-11d1-80b4-00c04fd430c8",
		"6ba7b8109dad11d180b400c04fd430c8",
		"{6ba7b810-9dad-11d1-80b4-00c04fd430}",
		"6ba7b810-9dad-11d1-80b4-00c04fd430g8",
		" 6ba7b810-9dad-11d1-80b4-00c04fd430c",
		"6ba7b810-9dad-11d1-80b4-00c04fd430c-",
		"+ba7b810-9dad-11d1-80b4-00c04fd430c8",
	};
	static const uint8_t bytes[] = { 0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
					 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8 };
	struct uuid uuid = { { 0 } }, before;
	char text[UUID_TEXT_SIZE];

	CHECK(!uuid_parse("6BA7b810-9dad-11d1-80b4-00c04fd430c8", &uuid));
	CHECK(!memcmp(uuid.bytes, bytes, sizeof(bytes)));
	uuid_format(&uuid, text);
	CHECK(str_equal(text, "6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
	before = uuid;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CHECK(uuid_parse(wrong[i], &uuid) < 0);
		CHECK(!memcmp(&uuid, &before, sizeof(uuid)));
	}
}

static void lists(void)
{
	_cleanup_(list_clear) struct list list = { 0 };
	char names[1000][8];

	for (int i = 0; i < 1000; i++) {
		const char **item = list_new(&list, sizeof(*item) + i);

		CHECK(item && (uintptr_t)item % _Alignof(max_align_t) == 0);
		snprintf(names[i], sizeof(names[i]), "n%d", i / 2);
		*item = names[i];
	}
	CHECK(!index_drop_duplicates(&list, 0) && list.count == 500);
	for (int i = 0; i < 500; i++)
		CHECK(*(const char **)list.items[i] == names[2 * i]);
	CHECK(list_new(&list, 100000));
}

static bool reads(void (*format)(uint64_t, char *), uint64_t number, const char *expected)
{
	char text[AMOUNT_TEXT_SIZE];

	format(number, text);
	return str_equal(text, expected);
}

static void amounts(void)
{
	CHECK(reads(amount_format_bytes, 0, "0 B"));
	CHECK(reads(amount_format_bytes, 512, "512 B"));
	CHECK(reads(amount_format_bytes, 1536, "1.5 KiB"));
	CHECK(reads(amount_format_bytes, 64 << 20, "64 MiB"));
	CHECK(reads(amount_format_bytes, UINT64_MAX, "8.0 EiB"));
	CHECK(reads(amount_format_seconds, 0, "0 s"));
	CHECK(reads(amount_format_seconds, 59, "59 s"));
	CHECK(reads(amount_format_seconds, 3600, "1 h"));
	CHECK(reads(amount_format_seconds, 3661, "1 h 1 min"));
	CHECK(reads(amount_format_seconds, 100000, "1 d 3 h"));
	CHECK(reads(amount_format_seconds, UINT64_MAX, "213503982334601 d 7 h"));
}

int main(void)
{
	static const struct test tests[] = {
		{ "numbers are whole words", numbers },
		{ "numbers have ranges", ranges },
		{ "MAC addresses", macs },
		{ "PCI addresses", pci_addresses },
		{ "sizes and times for people", amounts },
		{ "escaping for terminals and for JSON", escapes },
		{ "UUIDs", uuids },
		{ "lists keep the first of each name", lists },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
