/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes UUIDs. */
#include "base/uuid.h"

#include "base/num.h"

#include <errno.h>
#include <stdio.h>

/* Returns whether the text of a UUID has a hyphen at this place. */
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
