/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes netlink messages with a table of attributes. */
#include "sys/nl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

static const uint8_t kind_size[] = {
	[NL_U8] = 1, [NL_U16] = 2, [NL_U32] = 4, [NL_U64] = 8, [NL_MAC] = 6,
};

/* The rows are in the kernel's order, so the next attribute usually has the next row. */
static const struct nl_attribute *find_row(const struct nl_attribute *rows, size_t count,
					   uint16_t number, size_t *next)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = *next;

		*next = at + 1 < count ? at + 1 : 0;
		if (rows[at].number == number)
			return &rows[at];
	}
	return NULL;
}

static int copy(const struct nl_attribute *row, const void *payload, size_t size, void *model,
		struct err *err)
{
	char *member = (char *)model + row->offset;

	if (row->kind == NL_STRING) {
		if (!memchr(payload, '\0', size))
			return err_set(err, EBADMSG,
				       "the kernel's answer is malformed: attribute %u is not a "
				       "terminated string",
				       row->number);
		*(const char **)member = payload;
		return 0;
	}
	if (size != kind_size[row->kind])
		return err_set(err, EBADMSG,
			       "the kernel's answer is malformed: attribute %u has %zu bytes "
			       "instead of %u",
			       row->number, size, kind_size[row->kind]);
	/*
	 * With a constant size, the compiler makes one instruction of memcpy() instead of a call.
	 */
	switch (row->kind) {
	case NL_U8:
		*member = *(const char *)payload;
		break;
	case NL_U16:
		memcpy(member, payload, sizeof(uint16_t));
		break;
	case NL_U32:
		memcpy(member, payload, sizeof(uint32_t));
		break;
	case NL_U64:
		memcpy(member, payload, sizeof(uint64_t));
		break;
	default:
		memcpy(member, payload, size);
		break;
	}
	return 0;
}

int nl_decode(const struct nlmsghdr *message, const struct nl_attribute *rows, size_t count,
	      void *model, uint32_t *present, struct err *err)
{
	const char *at = mnl_nlmsg_get_payload_offset(message, sizeof(struct genlmsghdr));
	const char *end = (const char *)message + message->nlmsg_len;
	size_t next = 0;

	/* libmnl's loop makes five calls for each attribute, which costs much in a long list. */
	while (end - at >= (ptrdiff_t)MNL_ATTR_HDRLEN) {
		const struct nlattr *attr = (const struct nlattr *)at;
		const struct nl_attribute *row;

		if (attr->nla_len < MNL_ATTR_HDRLEN || attr->nla_len > end - at)
			return err_set(err, EBADMSG,
				       "the kernel's answer is malformed: an attribute "
				       "exceeds it");
		row = find_row(rows, count, attr->nla_type & NLA_TYPE_MASK, &next);
		if (row &&
		    copy(row, at + MNL_ATTR_HDRLEN, attr->nla_len - MNL_ATTR_HDRLEN, model, err))
			return -EBADMSG;
		if (row)
			*present |= BIT64(row->present);
		at += MNL_ALIGN(attr->nla_len);
	}
	return 0;
}
