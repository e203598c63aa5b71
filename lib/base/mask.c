/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads bit masks written as names and numbers. */
#include "base/mask.h"

#include <errno.h>

int mask_parse(const char *word, mask_bits *bits, const void *data, uint64_t *mask,
	       const char **bad, size_t *bad_length, struct err *err)
{
	uint64_t sum = 0;

	for (const char *part = word;; part++) {
		size_t length = strcspn(part, ",");
		bool clears = part[0] == '-';
		char name[64];
		uint64_t value;
		int ret;

		*bad = part;
		*bad_length = length;
		if (length - clears == 0)
			return err_usage(err, "'%s' has an empty part", word);
		if (length - clears >= sizeof(name))
			return -ENOENT;
		memcpy(name, part + clears, length - clears);
		name[length - clears] = '\0';
		ret = bits(name, data, &value);
		if (ret == -ERANGE)
			return err_usage(err,
					 "'%.*s' is outside bits 0 to 63, which the kernel takes",
					 (int)length, part);
		if (ret)
			return -ENOENT;
		sum = clears ? sum & ~value : sum | value;
		part += length;
		if (!*part)
			break;
	}
	*mask = sum;
	return 0;
}
