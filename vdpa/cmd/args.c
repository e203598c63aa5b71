/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the values of arguments that only vdpa has. */
#include "abi/vdpa.h"
#include "commands.h"
#include "sys/accounts.h"
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

const struct cli_type handle_type = { .expected = "a management device, BUS/NAME or NAME",
				      .parse = parse_handle };

static const struct driver {
	const char *name, *meaning;
} drivers[] = {
	{ VDPA_DRIVER_VHOST, "creates /dev/vhost-vdpa-N, for QEMU and other programs" },
	{ VDPA_DRIVER_VIRTIO, "creates an interface or a disk of this host" },
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
	.expected = "vhost_vdpa, virtio_vdpa or none",
	.parse = parse_driver,
	.words = driver_words,
};

static int parse_pairs(const struct cli_arg *arg _unused_, const char *word, void *field,
		       struct err *err _unused_)
{
	struct opt_pairs *pairs = field;
	uint64_t value = 0;
	int ret;

	pairs->max = str_equal(word, "max");
	ret = pairs->max ? 0 : num_parse(word, 1, UINT16_MAX, &value);
	pairs->set = true;
	pairs->value = value;
	return ret;
}

static void pairs_words(FILE *out)
{
	cli_offer(out, "max", "as many as the management device supports");
}

const struct cli_type pairs_type = {
	.expected = "a number from 1 to 65535, or max",
	.parse = parse_pairs,
	.words = pairs_words,
};

/* Owner, group and mode of the node */

static int parse_owner(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct opt_u32 *owner = field;

	owner->set = true;
	if (accounts_user(word, &owner->value))
		return err_usage(err, "%s: there is no user '%s' in /etc/passwd", arg->name, word);
	return 0;
}

static int parse_group(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	struct opt_u32 *group = field;

	group->set = true;
	if (accounts_group(word, &group->value))
		return err_usage(err, "%s: there is no group '%s' in /etc/group", arg->name, word);
	return 0;
}

/* Octal digits, as in chmod, but without the setuid, setgid and sticky bits. */
static int parse_mode(const struct cli_arg *arg _unused_, const char *word, void *field,
		      struct err *err _unused_)
{
	const size_t digits = strspn(word, "01234567");
	struct opt_u32 *mode = field;

	if (!digits || word[digits])
		return -EINVAL;
	mode->set = true;
	mode->value = strtoul(word, NULL, 8);
	return digits > 4 || mode->value > 0777 ? -EINVAL : 0;
}

const struct cli_type owner_type = { .expected = "a user", .parse = parse_owner },
		      group_type = { .expected = "a group", .parse = parse_group },
		      mode_type = { .expected = "an octal mode, 0 to 0777", .parse = parse_mode };
