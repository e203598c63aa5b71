/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel-wire.h"

#include "abi/vdpa.h"

#include <errno.h>
#include <libmnl/libmnl.h>

struct nlmsghdr *wire_dev_request(struct nl *nl, void *buffer, uint8_t command, const char *name)
{
	struct nlmsghdr *request = nl_request(nl, buffer, command);

	mnl_attr_put_strz(request, VDPA_ATTR_DEV_NAME, name);
	return request;
}

void wire_restart(void *list)
{
	list_clear(list);
}

int wire_incomplete(struct err *err, const char *what)
{
	return err_set(err, EBADMSG, "the kernel's answer is malformed: it lacks %s", what);
}
