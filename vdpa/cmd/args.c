/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of arguments that only vdpa has. */
#include "commands.h"
#include "vdpa/kernel/kernel.h"

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

static const struct driver {
	const char *name, *meaning;
} drivers[] = {
	{ DRIVER_VHOST, "makes /dev/vhost-vdpa-N, for QEMU and other programs" },
	{ DRIVER_VIRTIO, "makes a virtio device of this host: an interface or a disk" },
	{ DRIVER_NONE, "no driver" },
};

static int parse_driver(const struct cli_arg *arg _unused_, const char *word, void *field,
			struct err *err _unused_)
{
	struct opt_driver *driver = field;

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (str_equal(drivers[i].name, word))
			driver->name = drivers[i].name;
	return driver->name ? 0 : -EINVAL;
}

static void driver_words(FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		cli_offer(out, drivers[i].name, "%s", drivers[i].meaning);
}

const struct cli_type driver_type = {
	.wants = "vhost_vdpa, virtio_vdpa or none",
	.parse = parse_driver,
	.words = driver_words,
};
