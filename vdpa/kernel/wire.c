/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers for the files that send requests to the family "vdpa". */
#include "wire.h"

#include "abi/vdpa.h"
#include "base/list.h"

#include <errno.h>
#include <libmnl/libmnl.h>

struct nlmsghdr *wire_dev_request(struct nl *nl, void *buffer, uint8_t command, const char *name)
{
	struct nlmsghdr *request = nl_request(nl, buffer, command);

	mnl_attr_put_strz(request, VDPA_ATTR_DEV_NAME, name);
	return request;
}

static bool build(void *data, size_t index, struct nlmsghdr *request)
{
	const struct wire_each *each = data;

	if (index == each->names->count)
		return false;
	mnl_attr_put_strz(request, VDPA_ATTR_DEV_NAME, each->names->items[index]);
	return true;
}

static int reply(const struct nlmsghdr *message, void *data, size_t index _unused_, struct err *err)
{
	const struct wire_each *each = data;

	return each->take(message, each->taken, err);
}

static void done(void *data, size_t index, int ret, const struct err *err)
{
	const struct wire_each *each = data;

	each->done(each->data, index, ret, err);
}

int wire_dev_each(struct nl *nl, uint8_t command, const struct wire_each *each, struct err *err)
{
	const struct nl_pipeline pipeline = {
		.command = command, .build = build, .reply = reply, .done = done
	};

	return each->names->count ? nl_pipeline(nl, &pipeline, (void *)each, err) : 0;
}

void wire_restart(void *list)
{
	list_clear(list);
}

int wire_incomplete(struct err *err, const char *what)
{
	return err_set(err, EBADMSG, "the kernel's answer is malformed: it lacks %s", what);
}
