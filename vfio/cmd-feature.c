/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vfio feature". */
#include "base/list.h"
#include "base/uuid.h"
#include "dev-open.h"

#include "dev-token.h"
#include "explain.h"
#include "view.h"

struct show_args {
	struct open_args open;
};

struct probe_args {
	struct open_args open;
	struct feature_index feature;
	bool get, set;
};

struct get_args {
	struct open_args open;
	struct feature_index feature;
};

struct set_args {
	struct open_args open;
	struct feature_index feature;
	struct token_word value;
	bool show;
};

/* Prints the answer about one device. */
static int print(struct app *app, const struct opened_dev *opened, const struct out_field *fields,
		 const void *row, uint32_t present, struct err *err)
{
	struct out out;

	tool_out(app, &out, "feature", OUT_NAMED);
	out_row(&out, opened->session.dev->name, fields, row, present);
	return out_close(&out, err);
}

static int show(void *data, const void *args, struct err *err)
{
	_cleanup_(dev_close) struct opened_dev *opened = NULL;
	const struct show_args *show = args;
	struct device_features features = { 0 };
	struct app *app = data;
	int ret = dev_open(app, &show->open, &opened, err);

	if (!ret)
		ret = kernel_features(&opened->session, app->out.numeric, &features, err);
	if (!ret) {
		features_judge(&features);
		ret = print(app, opened, features_fields, &features, BIT64(HAS_ALWAYS), err);
	}
	list_clear(&features.list);
	return ret;
}

/* Fails unless the device has all that was asked for. @kind: what index 11 means to this kernel. */
static int check_probe(const struct probe_args *args, const struct opened_dev *opened,
		       struct device_feature *feature, enum index_11 kind, struct err *err)
{
	const bool both = args->get == args->set;

	if (!feature->present)
		return explain_no_feature(err, opened->session.dev, feature, NULL);
	if (args->feature.kind && args->feature.kind != kind)
		return explain_other_feature(err, opened->session.dev, args->feature.kind, kind);
	if (args->get && !feature->get)
		return explain_no_feature(err, opened->session.dev, feature, "get");
	if (args->set && !feature->set)
		return explain_no_feature(err, opened->session.dev, feature, "set");
	feature->has |= both || args->get ? BIT64(FEATURE_HAS_GET) : 0;
	feature->has |= both || args->set ? BIT64(FEATURE_HAS_SET) : 0;
	return 0;
}

static int probe(void *data, const void *args, struct err *err)
{
	_cleanup_(dev_close) struct opened_dev *opened = NULL;
	const struct probe_args *probe = args;
	struct device_feature feature = { 0 };
	struct app *app = data;
	enum index_11 kind;
	int ret = dev_open(app, &probe->open, &opened, err);

	if (!ret)
		ret = kernel_probe(&opened->session, probe->feature.index, probe->get && probe->set,
				   &feature, &kind, err);
	if (ret)
		return ret;
	feature_describe(&feature, probe->feature.index, kind ? kind : probe->feature.kind,
			 app->out.numeric);
	ret = check_probe(probe, opened, &feature, kind, err);
	return ret ? ret : print(app, opened, feature_fields, &feature, feature.has, err);
}

/* Opening resets the device: so first refuse requests that could have no useful effect. */
static int check_use(const struct feature_index *wanted, bool set, struct err *err)
{
	const char *why_not = feature_why_not(wanted->index, wanted->kind, set);
	enum index_11 kind = wanted->kind;
	struct device_feature feature = { 0 };

	if (!why_not)
		return 0;
	if (!kind)
		kind = set ? INDEX_11_ALIAS_REGION : INDEX_11_DMA_BUF;
	feature_describe(&feature, wanted->index, kind, false);
	return err_usage(err, "%s %s", feature.name, why_not);
}

static void name_value(struct app *app, uint16_t index, struct value *value)
{
	struct device_feature feature = { 0 };

	feature_describe(&feature, index, INDEX_11_NONE, app->out.numeric);
	value->index = index;
	memcpy(value->name, feature.name, sizeof(value->name));
	value->present = BIT64(HAS_ALWAYS);
}

static int get(void *data, const void *args, struct err *err)
{
	_cleanup_(dev_close) struct opened_dev *opened = NULL;
	const struct get_args *get = args;
	const uint16_t index = get->feature.index;
	struct payload payload;
	struct value value = { 0 };
	int ret = check_use(&get->feature, false, err);

	if (!ret)
		ret = dev_open(data, &get->open, &opened, err);
	if (!ret)
		ret = kernel_feature_get(&opened->session, index, &payload, err);
	if (ret)
		return ret;
	name_value(data, index, &value);
	payload_decode(&payload, &value);
	return print(data, opened, value_fields, &value, value.present, err);
}

/* Builds the payload before the device is opened: a wrong word must not reset it. */
static int encode(struct app *app, const struct set_args *args, struct payload *payload,
		  struct value *value, struct err *err)
{
	const uint16_t index = args->feature.index;
	const bool secret = payload_is_secret(index);
	struct uuid token = { { 0 } };
	int ret = check_use(&args->feature, true, err);

	if (ret)
		return ret;
	if (secret && !args->value.word)
		return err_usage(err, "VALUE is missing: a UUID, random, file:PATH, or - for "
				      "standard input");
	if (args->show && !secret)
		return err_usage(err, "'show' is only for pci_vf_token");
	name_value(app, index, value);
	if (secret)
		ret = token_read(app, args->value.word, &token, err);
	if (!ret)
		ret = payload_encode(index, args->value.word, &token, payload, err);
	uuid_format(&token, value->token);
	value->present |= BIT64(VALUE_HAS_TOKEN);
	return ret;
}

static int set(void *data, const void *args, struct err *err)
{
	_cleanup_(dev_close) struct opened_dev *opened = NULL;
	const struct set_args *set = args;
	struct payload payload = { 0 };
	struct value value = { 0 };
	const char *caveat;
	int ret = encode(data, set, &payload, &value, err);

	if (!ret)
		ret = dev_open(data, &set->open, &opened, err);
	if (!ret)
		ret = kernel_feature_set(&opened->session, set->feature.index, &payload, err);
	if (ret)
		return ret;
	if (set->value.word && str_equal(set->value.word, "random") && !set->show)
		tool_warn(data, "the token was not shown and cannot be read back");
	caveat = feature_caveat(set->feature.index);
	if (caveat)
		tool_warn(data, "%s %s", value.name, caveat);
	return set->show ? print(data, opened, value_fields, &value, value.present, err) : 0;
}

static int parse_value(const struct cli_arg *arg _unused_, const char *word, void *field,
		       struct err *err)
{
	struct token_word *value = field;

	value->word = word;
	return strlen(word) <= 2 * PAYLOAD_MAX + strlen("hex:")
		       ? 0
		       : err_usage(err, "VALUE must have at most %d bytes", PAYLOAD_MAX);
}

static const struct cli_type value_type = { .expected = "a value", .parse = parse_value };

#define FEATURE_ARG(T, ...)                                                                        \
	CLI_ARG_OF(T, feature, struct feature_index, &feature_type, "FEATURE",                     \
		   "its name, or a number from 0 to 65535",                                        \
		   .flags = CLI_POSITIONAL | CLI_REQUIRED, __VA_ARGS__)

static const struct cli_arg show_arguments[] = {
	DEV_ARG(struct show_args, open.dev, CLI_REQUIRED),
	OPEN_ARGS(struct show_args),
	{ 0 },
};

static const struct cli_arg probe_arguments[] = {
	DEV_ARG(struct probe_args, open.dev, CLI_REQUIRED),
	FEATURE_ARG(struct probe_args),
	CLI_ARG(struct probe_args, get, NULL, "whether its value can be read"),
	CLI_ARG(struct probe_args, set, NULL, "whether it can be set"),
	OPEN_ARGS(struct probe_args),
	{ 0 },
};

static const struct cli_arg get_arguments[] = {
	DEV_ARG(struct get_args, open.dev, CLI_REQUIRED),
	FEATURE_ARG(struct get_args, .words = complete_gettable),
	OPEN_ARGS(struct get_args),
	{ 0 },
};

static const struct cli_arg set_arguments[] = {
	DEV_ARG(struct set_args, open.dev, CLI_REQUIRED),
	FEATURE_ARG(struct set_args, .words = complete_settable),
	CLI_ARG_OF(struct set_args, value, struct token_word, &value_type, "VALUE",
		   "for pci_vf_token a UUID, random, file:PATH or - for standard input; for "
		   "mig_device_state running, stop and so on; for bus_master set or clear; for "
		   "others hex:BYTES",
		   .flags = CLI_POSITIONAL, .words = complete_values),
	CLI_ARG(struct set_args, show, NULL, "print the token that was set"),
	OPEN_ARGS(struct set_args),
	{ 0 },
};

const struct cli_cmd feature_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows which features a device has, and whether it can migrate. Resets the "
			"device.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples = (const char *const[]){ "vfio feature show 0000:00:04.0",
						   "vfio -jp feature show vfio0", NULL },
		.flags = CLI_DEFAULT,
		.run = show,
	},
	{
		.name = "probe",
		.help = "Reports whether a device has a feature, and fails if it does not. Resets "
			"the device.",
		.args = probe_arguments,
		.size = sizeof(struct probe_args),
		.examples = (const char *const[]){ "vfio feature probe vfio0 migration get",
						   "vfio feature probe 0000:00:04.0 16", NULL },
		.run = probe,
	},
	{
		.name = "get",
		.help = "Shows the value of a feature. Resets the device.",
		.args = get_arguments,
		.size = sizeof(struct get_args),
		.examples = (const char *const[]){ "vfio feature get vfio0 migration", NULL },
		.run = get,
	},
	{
		.name = "set",
		.help = "Sets a feature. Resets the device.",
		.args = set_arguments,
		.size = sizeof(struct set_args),
		.examples =
			(const char *const[]){
				"vfio feature set 0000:01:00.0 pci_vf_token file:/etc/vf-token",
				"vfio feature set 0000:01:00.0 pci_vf_token random show", NULL },
		.run = set,
	},
	{ 0 },
};
