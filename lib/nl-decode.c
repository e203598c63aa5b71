/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

static const uint8_t kind_size[] = {
	[NL_U8] = 1, [NL_U16] = 2, [NL_U32] = 4, [NL_U64] = 8, [NL_MAC] = 6,
};

static const struct nl_attribute *find_row(const struct nl_attribute *rows, size_t count,
					   uint16_t number)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].number == number)
			return &rows[i];
	return NULL;
}

int nl_decode(const struct nlmsghdr *message, const struct nl_attribute *rows, size_t count,
	      void *model, uint32_t *present, struct err *err)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		uint16_t size = mnl_attr_get_payload_len(attr);
		const struct nl_attribute *row;

		row = find_row(rows, count, mnl_attr_get_type(attr));
		if (!row)
			continue;
		if (size != kind_size[row->kind])
			return err_set(err, EBADMSG,
				       "the kernel's answer is malformed: attribute %u has %u "
				       "bytes instead of %u",
				       row->number, size, kind_size[row->kind]);
		memcpy((char *)model + row->offset, mnl_attr_get_payload(attr), size);
		*present |= BIT64(row->present);
	}
	return 0;
}

int nl_string(const struct nlmsghdr *message, uint16_t number, const char **string, struct err *err)
{
	const struct nlattr *attr;

	*string = NULL;
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		const char *text = mnl_attr_get_payload(attr);

		if (mnl_attr_get_type(attr) != number)
			continue;
		if (!memchr(text, '\0', mnl_attr_get_payload_len(attr)))
			return err_set(err, EBADMSG,
				       "the kernel's answer is malformed: attribute %u is no "
				       "terminated string",
				       number);
		*string = text;
		return 0;
	}
	return 0;
}
