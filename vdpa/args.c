/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"
#include "escape.h"
#include "kernel.h"

#include <errno.h>

static int parse_handle(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct opt_handle *handle = field;

	if (cli_check_length(arg, word, err))
		return -EINVAL;
	handle->set = true;
	return handle_parse(word, &handle->value);
}

const struct cli_type handle_type = { .wants = "a management device, BUS/NAME or NAME",
				      .parse = parse_handle };

static void complete(struct list *list, size_t name_offset, int failed, FILE *out)
{
	for (size_t i = 0; !failed && i < list->count; i++) {
		const char *name = *(const char **)((char *)list->items[i] + name_offset);

		/* What a terminal must not get, a shell cannot complete. */
		if (!escape_needed(name, ESCAPE_FOR_TERMINAL))
			fprintf(out, "%s\n", name);
	}
	list_clear(list);
}

void complete_devs(void *app, FILE *out)
{
	struct vdpa *vdpa = app;
	struct list list = { 0 };
	struct err err;
	int ret = kernel_devs(&vdpa->nl, &list, &err);

	complete(&list, offsetof(struct dev, name), ret, out);
}

void complete_mgmtdevs(void *app, FILE *out)
{
	struct vdpa *vdpa = app;
	struct list list = { 0 };
	struct err err;
	int ret = kernel_mgmtdevs(&vdpa->nl, &list, &err);

	complete(&list, offsetof(struct mgmtdev, name), ret, out);
}
