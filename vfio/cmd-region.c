/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vfio region". */
#include "abi/vfio.h"
#include "base/list.h"
#include "dev-open.h"
#include "kernel-alias.h"
#include "view.h"

struct show_args {
	struct open_args open;
};

struct flags_args {
	struct open_args open;
	struct region_index region;
};

struct alias_args {
	struct open_args open;
	struct cli_words regions; /* each may be followed by WC_WORD */
};

static int print(struct app *app, const struct opened_dev *opened, const char *key,
		 const struct out_type *type, const struct list *regions, struct err *err)
{
	struct out out;

	tool_out(app, &out, key, OUT_NAMED);
	out_row_value(&out, opened->session.dev->name, type, regions);
	return out_close(&out, err);
}

static int show(void *data, const void *args, struct err *err)
{
	_cleanup_(dev_close) struct opened_dev *opened = NULL;
	_cleanup_(regions_clear) struct list regions = { 0 };
	const struct show_args *show = args;
	int ret = dev_open(data, &show->open, &opened, err);

	if (!ret)
		ret = kernel_regions(&opened->session, &regions, err);
	return ret ? ret : print(data, opened, "region", &regions_type, &regions, err);
}

static int flags(void *data, const void *args, struct err *err)
{
	_cleanup_(dev_close) struct opened_dev *opened = NULL;
	_cleanup_(regions_clear) struct list regions = { 0 };
	const struct flags_args *flags = args;
	int ret = dev_open(data, &flags->open, &opened, err);

	if (!ret)
		ret = flags->region.set
			      ? kernel_region(&opened->session, flags->region.index, &regions, err)
			      : kernel_regions(&opened->session, &regions, err);
	if (!ret)
		ret = kernel_alias_flags(&opened->session, &regions, err);
	return ret ? ret : print(data, opened, "flags", &region_flags_type, &regions, err);
}

static bool is_wc(const struct cli_words *words, size_t at)
{
	return at < words->count && str_equal(words->words[at], WC_WORD);
}

/* Each WC_WORD must follow a region. */
static int check_words(const struct cli_words *words, struct err *err)
{
	for (size_t i = 0; i < words->count; i++)
		if (is_wc(words, i) && (!i || is_wc(words, i - 1)))
			return err_usage(err, "%s must follow a region", WC_WORD);
	return 0;
}

/* Creates the alias of one region, and adds it to @created. */
static int create_alias(struct app *app, const struct session *session, uint32_t index,
			uint32_t flags, struct list *created, struct err *err)
{
	_cleanup_(regions_clear) struct list regions = { 0 };
	const struct region *region;
	struct region *alias;
	uint32_t number;
	int ret = kernel_region(session, index, &regions, err);

	if (ret)
		return ret;
	region = regions.items[0];
	ret = kernel_alias(session, region, flags, &number, err);
	if (!ret)
		ret = kernel_region(session, number, created, err);
	if (ret)
		return ret;
	alias = created->items[created->count - 1];
	memcpy(alias->of, region->name, sizeof(alias->of));
	alias->present |= BIT64(REGION_HAS_OF);
	/* Combined writes are delayed and merged, which breaks access to registers: so warn. */
	if (alias->flags & ~flags & BIT64(VFIO_REGION_WC))
		tool_warn(app,
			  "the kernel combines writes to %s, an alias of %s, though that was "
			  "not requested",
			  alias->name, alias->of);
	return 0;
}

static int create_aliases(struct app *app, const struct session *session,
			  const struct cli_words *words, struct list *created, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < words->count; i++) {
		const uint32_t wc = is_wc(words, i + 1) ? BIT64(VFIO_REGION_WC) : 0;
		uint32_t index;

		ret = region_parse(words->words[i], &index);
		if (!ret)
			ret = create_alias(app, session, index, wc, created, err);
		i += wc != 0;
	}
	return ret;
}

static int alias(void *data, const void *args, struct err *err)
{
	_cleanup_(dev_close) struct opened_dev *opened = NULL;
	_cleanup_(regions_clear) struct list created = { 0 };
	const struct alias_args *alias = args;
	int ret = check_words(&alias->regions, err);

	if (!ret)
		ret = dev_open(data, &alias->open, &opened, err);
	if (!ret)
		ret = create_aliases(data, &opened->session, &alias->regions, &created, err);
	if (ret)
		return ret;
	if (!alias->open.hold)
		tool_warn(data, "the alias ends with this command: only a program that keeps the "
				"device open can use one");
	return print(data, opened, "region", &regions_type, &created, err);
}

static const struct cli_arg show_arguments[] = {
	DEV_ARG(struct show_args, open.dev, CLI_REQUIRED),
	OPEN_ARGS(struct show_args),
	{ 0 },
};

static const struct cli_arg flags_arguments[] = {
	DEV_ARG(struct flags_args, open.dev, CLI_REQUIRED),
	CLI_ARG_OF(struct flags_args, region, struct region_index, &region_type, "REGION",
		   "its name or number: bar0", .flags = CLI_POSITIONAL),
	OPEN_ARGS(struct flags_args),
	{ 0 },
};

static const struct cli_arg alias_arguments[] = {
	DEV_ARG(struct alias_args, open.dev, CLI_REQUIRED),
	CLI_ARG_OF(struct alias_args, regions, struct cli_words, &alias_type, "REGION [ wc ]",
		   "its name or number: bar0; with wc writes to the alias are combined",
		   .flags = CLI_POSITIONAL | CLI_REQUIRED | CLI_MANY | CLI_UNTIL),
	OPEN_ARGS(struct alias_args),
	{ 0 },
};

const struct cli_cmd region_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the regions of a device: their sizes and offsets, and whether they "
			"can be read, written and mapped. Resets the device.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples = (const char *const[]){ "vfio region show 0000:00:04.0",
						   "vfio -jp region show vfio0 iommufd", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = show,
	},
	{
		.name = "flags",
		.help = "Shows which regions can have an alias, a second view, and how that may be "
			"mapped. Creates none. Needs a kernel with the proposed alias_region. "
			"Resets the device.",
		.args = flags_arguments,
		.size = sizeof(struct flags_args),
		.examples = (const char *const[]){ "vfio region flags 0000:00:04.0",
						   "vfio -jp region flags vfio0 bar2", NULL },
		.run = flags,
	},
	{
		.name = "alias",
		.help = "Creates aliases of regions, second views, all in one open, and shows "
			"them. Needs a kernel with the proposed alias_region. Resets the device.",
		.args = alias_arguments,
		.size = sizeof(struct alias_args),
		.examples = (const char *const[]){ "vfio region alias 0000:00:04.0 bar2 wc",
						   "vfio region alias vfio0 bar0 wc bar0", NULL },
		.run = alias,
	},
	{ 0 },
};
