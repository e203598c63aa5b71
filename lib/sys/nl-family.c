/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what the kernel's controller answers about a family. */
#include "nl-internal.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

static void read_commands(struct nl *nl, const struct nlattr *list)
{
	const struct nlattr *entry, *member;

	mnl_attr_for_each_nested(entry, list) {
		mnl_attr_for_each_nested(member, entry) {
			const uint32_t *id = mnl_attr_get_payload(member);

			if (mnl_attr_get_type(member) == CTRL_ATTR_OP_ID &&
			    mnl_attr_get_payload_len(member) == sizeof(*id) && *id < 64)
				nl->commands |= BIT64(*id);
		}
	}
}

int nl_take_family(const struct nlmsghdr *message, void *data, struct err *err)
{
	const struct nlattr *attr;
	struct nl *nl = data;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		const uint16_t *id = mnl_attr_get_payload(attr);
		const uint32_t *max = mnl_attr_get_payload(attr);

		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_payload_len(attr) == sizeof(*id))
			nl->id = *id;
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MAXATTR &&
		    mnl_attr_get_payload_len(attr) == sizeof(*max))
			nl->max_attribute = *max;
		if (mnl_attr_get_type(attr) == CTRL_ATTR_OPS)
			read_commands(nl, attr);
	}
	return nl->id ? 0 : nl_malformed(err, "the family has no number");
}
