/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UUID_H
#define UUID_H

#include "base/base.h"

struct uuid {
	uint8_t bytes[16];
};

#define UUID_TEXT_SIZE sizeof("00000000-0000-0000-0000-000000000000")

/*
 * Reads a UUID in the form of RFC 9562: hexadecimal digits of either case in groups of 8, 4, 4, 4
 * and 12, joined by hyphens. Returns 0 or -EINVAL. On failure *@uuid is unchanged.
 */
int uuid_parse(const char *word, struct uuid *uuid);

/* Writes @uuid in lower case. */
void uuid_format(const struct uuid *uuid, char text[static UUID_TEXT_SIZE]);

#endif
