/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the types of arguments that all tools share. */
#include "base/mac.h"
#include "cli/cli.h"

#include <errno.h>

/* The kernel could not store more, because its answers must fit into one page. */
#define WORD_MAX     4095
#define NAME_MAX_NEW 255

int cli_check_length(const struct cli_arg *arg, const char *word, struct err *err)
{
	if (strlen(word) <= WORD_MAX)
		return 0;
	return err_usage(err, "%s must be %s of at most %d bytes, not %zu", arg->name,
			 arg->type->expected, WORD_MAX, strlen(word));
}

static int parse_word(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	*(const char **)field = word;
	return cli_check_length(arg, word, err);
}

const struct cli_type cli_type_word = { .expected = "a name", .parse = parse_word };

/* The words stay in argv; this only checks each of them. */
static int check_word(const struct cli_arg *arg, const char *word, void *field _unused_,
		      struct err *err)
{
	return cli_check_length(arg, word, err);
}

const struct cli_type cli_type_words = { .expected = "a name", .parse = check_word };

/* The control characters U+0080 to U+009F, which terminals obey as well. */
static bool str_starts_c1(const char *c)
{
	return (unsigned char)c[0] == 0xc2 && (unsigned char)c[1] >= 0x80 &&
	       (unsigned char)c[1] < 0xa0;
}

/* Refuses names that no device can have. */
static int parse_dev_name(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	if (str_equal(word, ".") || str_equal(word, ".."))
		return err_usage(err, "%s must not be '%s', which is no name for a device",
				 arg->name, word);
	if (strlen(word) > NAME_MAX_NEW)
		return err_usage(err, "%s must have at most %d bytes, not %zu", arg->name,
				 NAME_MAX_NEW, strlen(word));
	if (strchr(word, '/'))
		return err_usage(err, "%s must not contain '/', which the kernel replaces: '%s'",
				 arg->name, word);
	*(const char **)field = word;
	return 0;
}

/* The name of a device that need not exist. */
const struct cli_type cli_type_dev_name = { .expected = "a name", .parse = parse_dev_name };

static int parse_new_name(const struct cli_arg *arg, const char *word, void *field, struct err *err)
{
	int ret = parse_dev_name(arg, word, field, err);

	for (const char *c = word; !ret && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f || str_starts_c1(c))
			return err_usage(err, "%s must not contain control characters: '%s'",
					 arg->name, word);
	return ret;
}

/* The name of a device that is to be created. */
const struct cli_type cli_type_new_name = { .expected = "a new name", .parse = parse_new_name };

static int parse_number(const struct cli_arg *arg, const char *word, uint64_t *value)
{
	return num_parse(word, arg->min, arg->max ? arg->max : arg->type->max, value);
}

static int parse_u16(const struct cli_arg *arg, const char *word, void *field,
		     struct err *err _unused_)
{
	struct opt_u16 *number = field;
	uint64_t value;
	int ret = parse_number(arg, word, &value);

	if (ret)
		return ret;
	*number = (struct opt_u16){ .set = true, .value = value };
	return 0;
}

const struct cli_type cli_type_u16 = { .expected = "a number",
				       .max = UINT16_MAX,
				       .parse = parse_u16 };

static int parse_u32(const struct cli_arg *arg, const char *word, void *field,
		     struct err *err _unused_)
{
	struct opt_u32 *number = field;
	uint64_t value;
	int ret = parse_number(arg, word, &value);

	if (ret)
		return ret;
	*number = (struct opt_u32){ .set = true, .value = value };
	return 0;
}

const struct cli_type cli_type_u32 = { .expected = "a number",
				       .max = UINT32_MAX,
				       .parse = parse_u32 };

static int parse_u64(const struct cli_arg *arg, const char *word, void *field,
		     struct err *err _unused_)
{
	struct opt_u64 *number = field;
	uint64_t value;
	int ret = parse_number(arg, word, &value);

	if (ret)
		return ret;
	*number = (struct opt_u64){ .set = true, .value = value };
	return 0;
}

const struct cli_type cli_type_u64 = { .expected = "a number",
				       .max = UINT64_MAX,
				       .parse = parse_u64 };

static int parse_mac(const struct cli_arg *arg _unused_, const char *word, void *field,
		     struct err *err _unused_)
{
	struct opt_mac *mac = field;

	mac->set = true;
	return mac_parse(word, &mac->value);
}

const struct cli_type cli_type_mac = { .expected = "a MAC address such as 02:00:00:00:00:01",
				       .parse = parse_mac };

static int parse_flag(const struct cli_arg *arg _unused_, const char *word _unused_, void *field,
		      struct err *err _unused_)
{
	*(bool *)field = true;
	return 0;
}

const struct cli_type cli_type_flag = { .expected = "no value", .parse = parse_flag };
