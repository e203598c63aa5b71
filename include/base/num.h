/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NUM_H
#define NUM_H

#include "base/base.h"

/* Numbers that may be absent, which is not the same as zero. */
struct opt_u16 {
	bool set;
	uint16_t value;
};

struct opt_u32 {
	bool set;
	uint32_t value;
};

struct opt_u64 {
	bool set;
	uint64_t value;
};

/*
 * Reads a whole word as a number: decimal, or hexadecimal after 0x, without a sign or blanks.
 * Returns 0, -EINVAL (not a number) or -ERANGE (outside @min to @max). On failure *@value is
 * unchanged.
 */
int num_parse(const char *word, uint64_t min, uint64_t max, uint64_t *value);

/* Reads a whole word of hexadecimal digits without a prefix. Returns the same as num_parse(). */
int num_parse_hex(const char *word, uint64_t *value);

/*
 * Returns the unsigned number of @size bytes (1, 2, 4 or 8) at @value, which must be aligned for
 * its type.
 */
uint64_t num_at(const void *value, size_t size);

#endif
