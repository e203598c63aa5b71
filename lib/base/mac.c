/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes MAC addresses. */
#include "base/mac.h"

#include <ctype.h>
#include <errno.h>
#include <netinet/ether.h>

int mac_parse(const char *word, struct mac *mac)
{
	unsigned int colons = 0;
	struct ether_addr address;

	/*
	 * ether_aton_r() ignores whatever follows the address and accepts blanks: check the form
	 * first.
	 */
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

/* With thousands of devices, snprintf() here took half of our own time. */
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

bool mac_is_unicast(const struct mac *mac)
{
	static const struct mac zero;

	return !(mac->bytes[0] & 1) && memcmp(mac, &zero, sizeof(zero));
}
