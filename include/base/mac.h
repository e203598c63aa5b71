/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MAC_H
#define MAC_H

#include "base/base.h"

struct mac {
	uint8_t bytes[6];
};

struct opt_mac {
	bool set;
	struct mac value;
};

#define MAC_TEXT_SIZE sizeof("00:00:00:00:00:00")

/* Reads six octets of one or two hexadecimal digits, joined by colons. Returns 0 or -EINVAL. */
int mac_parse(const char *word, struct mac *mac);

/* Writes @mac with two digits for each octet. */
void mac_format(const struct mac *mac, char text[static MAC_TEXT_SIZE]);

/*
 * Returns whether a network interface can have this address: it is neither zero nor a group
 * address.
 */
bool mac_is_unicast(const struct mac *mac);

#endif
