/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads numbers from words and from memory. */
#include "base/num.h"

#include <bsd/inttypes.h>
#include <ctype.h>
#include <errno.h>

static int parse(const char *digits, int base, uint64_t min, uint64_t max, uint64_t *value)
{
	uintmax_t number;
	int status;

	/*
	 * strtou() accepts blanks, a sign and a second prefix, which are not part of a number here.
	 */
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
