/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UUID_H
#define UUID_H

#include "base/base.h"

struct uuid {
	uint8_t bytes[16];
};

#define UUID_TEXT_SIZE sizeof("00000000-0000-0000-0000-000000000000")

/*
 * Reads a UUID as RFC 9562 writes it: hexadecimal digits in either case, in groups of 8, 4, 4, 4
 * and 12 joined by hyphens, and nothing else. Returns 0 or -EINVAL, and leaves *@uuid alone then.
 */
int uuid_parse(const char *word, struct uuid *uuid);

/* Writes @uuid as text in lower case. */
void uuid_format(const struct uuid *uuid, char text[static UUID_TEXT_SIZE]);

#endif
