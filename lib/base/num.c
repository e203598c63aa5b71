/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes numbers, addresses, masks and UUIDs. */
#include "base/num.h"

#include <bsd/inttypes.h>
#include <bsd/stdlib.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <strings.h>

static int parse(const char *digits, int base, uint64_t min, uint64_t max, uint64_t *value)
{
	uintmax_t number;
	int status;

	/* strtou() would take blanks, a sign and a second prefix. */
	if (!isxdigit((unsigned char)digits[0]) || tolower((unsigned char)digits[1]) == 'x')
		return -EINVAL;
	number = strtou(digits, NULL, base, min, max, &status);
	if (status == ERANGE)
		return -ERANGE;
	if (status)
		return -EINVAL;
	*value = number;
	return 0;
}

int num_parse(const char *word, uint64_t min, uint64_t max, uint64_t *value)
{
	if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X'))
		return parse(word + 2, 16, min, max, value);
	return parse(word, 10, min, max, value);
}

int num_parse_hex(const char *word, uint64_t *value)
{
	return parse(word, 16, 0, UINT64_MAX, value);
}

int mac_parse(const char *word, struct mac *mac)
{
	unsigned int colons = 0;
	struct ether_addr address;

	/* ether_aton_r() takes what follows the address for granted, and blanks. */
	for (const char *c = word; *c; c++) {
		if (*c == ':')
			colons++;
		else if (!isxdigit((unsigned char)*c))
			return -EINVAL;
		else if (isxdigit((unsigned char)c[1]) && isxdigit((unsigned char)c[2]))
			return -EINVAL;
	}
	if (colons != 5 || !ether_aton_r(word, &address))
		return -EINVAL;
	memcpy(mac->bytes, address.ether_addr_octet, sizeof(mac->bytes));
	return 0;
}

/* In lists of thousands of devices half of our own time went into snprintf() here. */
void mac_format(const struct mac *mac, char text[static MAC_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(mac->bytes); i++) {
		*text++ = digits[mac->bytes[i] >> 4];
		*text++ = digits[mac->bytes[i] & 15];
		*text++ = ':';
	}
	text[-1] = '\0';
}

void bytes_format(uint64_t bytes, char text[static AMOUNT_TEXT_SIZE])
{
	/* With room for three digits it takes the next unit for a fourth. */
	humanize_number(text, sizeof("999 MiB"), bytes < INT64_MAX ? (int64_t)bytes : INT64_MAX,
			"B", HN_AUTOSCALE, HN_DECIMAL | HN_IEC_PREFIXES);
}

void seconds_format(uint64_t seconds, char text[static AMOUNT_TEXT_SIZE])
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	size_t unit = 0;

	while (seconds < units[unit].seconds && unit + 1 < ARRAY_SIZE(units))
		unit++;
	text += sprintf(text, "%ju %s", (uintmax_t)(seconds / units[unit].seconds),
			units[unit].name);
	seconds %= units[unit].seconds;
	if (seconds && seconds / units[unit + 1].seconds)
		sprintf(text, " %ju %s", (uintmax_t)(seconds / units[unit + 1].seconds),
			units[unit + 1].name);
}

bool mac_is_unicast(const struct mac *mac)
{
	static const struct mac zero;

	return !(mac->bytes[0] & 1) && memcmp(mac, &zero, sizeof(zero));
}

/* Whether a hyphen stands at this place of a UUID's text. */
static bool is_hyphen(size_t place)
{
	return place == 8 || place == 13 || place == 18 || place == 23;
}

int uuid_parse(const char *word, struct uuid *uuid)
{
	struct uuid read = { 0 };
	size_t digits = 0;

	if (strlen(word) != UUID_TEXT_SIZE - 1)
		return -EINVAL;
	for (size_t i = 0; word[i]; i++) {
		const char digit[] = { word[i], '\0' };
		uint64_t value;

		if (is_hyphen(i)) {
			if (word[i] != '-')
				return -EINVAL;
			continue;
		}
		if (num_parse_hex(digit, &value))
			return -EINVAL;
		read.bytes[digits / 2] |= value << (digits % 2 ? 0 : 4);
		digits++;
	}
	*uuid = read;
	return 0;
}

void uuid_format(const struct uuid *uuid, char text[static UUID_TEXT_SIZE])
{
	size_t length = 0;

	for (size_t i = 0; i < sizeof(uuid->bytes); i++) {
		if (is_hyphen(length))
			text[length++] = '-';
		length += snprintf(text + length, 3, "%02x", uuid->bytes[i]);
	}
}

bool pci_address_valid(const char *word)
{
	unsigned int domain, bus, device, function;
	char canonical[sizeof("00000000:00:00.0")];
	int length = -1;

	if (sscanf(word, "%8x:%2x:%2x.%1x%n", &domain, &bus, &device, &function, &length) != 4 ||
	    length < 0 || word[length] || device > 31 || function > 7)
		return false;
	/* The kernel writes it in one way only, with four digits of domain or more. */
	snprintf(canonical, sizeof(canonical), "%04x:%02x:%02x.%x", domain, bus, device, function);
	return !strcasecmp(canonical, word);
}

bool pci_address_read(const char *word, char address[static PCI_ADDRESS_SIZE])
{
	int length;

	/* Most words are none, and a file may have thousands of them. */
	if (word[strspn(word, "0123456789abcdefABCDEF:.")])
		return false;
	length = snprintf(address, PCI_ADDRESS_SIZE, "%s", word);
	if (!pci_address_valid(word))
		length = snprintf(address, PCI_ADDRESS_SIZE, "0000:%s", word);
	if ((size_t)length >= PCI_ADDRESS_SIZE || !pci_address_valid(address))
		return false;
	for (char *c = address; *c; c++)
		*c = tolower((unsigned char)*c);
	return true;
}

int mask_parse(const char *word, mask_bits *bits, const void *data, uint64_t *mask,
	       const char **bad, size_t *bad_length)
{
	uint64_t sum = 0;

	for (const char *part = word;; part++) {
		size_t length = strcspn(part, ",");
		bool away = part[0] == '-';
		char name[64];
		uint64_t value;
		int ret;

		*bad = part;
		*bad_length = length;
		if (length - away == 0)
			return -EINVAL;
		if (length - away >= sizeof(name))
			return -ENOENT;
		memcpy(name, part + away, length - away);
		name[length - away] = '\0';
		ret = bits(name, data, &value);
		if (ret)
			return ret;
		sum = away ? sum & ~value : sum | value;
		part += length;
		if (!*part)
			break;
	}
	*mask = sum;
	return 0;
}

uint64_t num_at(const void *value, size_t size)
{
	switch (size) {
	case sizeof(uint8_t):
		return *(const uint8_t *)value;
	case sizeof(uint16_t):
		return *(const uint16_t *)value;
	case sizeof(uint32_t):
		return *(const uint32_t *)value;
	default:
		return *(const uint64_t *)value;
	}
}
