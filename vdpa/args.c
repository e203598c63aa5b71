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

static const char *const drivers[] = { DRIVER_VHOST, DRIVER_VIRTIO, DRIVER_NONE };

const char *driver_name(const struct opt_driver *driver)
{
	return driver->name && str_equal(driver->name, DRIVER_NONE) ? NULL : driver->name;
}

static int parse_driver(const struct cli_arg *arg _unused_, const char *word, void *field,
			struct err *err _unused_)
{
	struct opt_driver *driver = field;

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (str_equal(drivers[i], word))
			driver->name = drivers[i];
	return driver->name ? 0 : -EINVAL;
}

static void driver_words(FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		fprintf(out, "%s\n", drivers[i]);
}

const struct cli_type driver_type = {
	.wants = "vhost_vdpa, virtio_vdpa or none",
	.parse = parse_driver,
	.words = driver_words,
};

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
