/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa save": prints the existing devices as a file that "vdpa apply" reads. */
#include "base/escape.h"
#include "base/list.h"
#include "cli/cli-quote.h"
#include "commands.h"
#include "sys/accounts.h"
#include "sys/sysfs.h"
#include "vdpa/kernel/explain.h"
#include "vdpa/model/settings.h"
#include "vdpa/ops/save.h"
#include "virtio/features.h"

#include <errno.h>

/* The devices to print. */
struct save {
	struct list saved; /* of struct saved */
	struct list texts; /* their strings, as far as they are not borrowed from the state */
};

static void save_release(struct save *save)
{
	list_clear(&save->saved);
	list_clear(&save->texts);
}

/* Text */

static void print_setting(const struct setting *setting, const struct dev_new *dev, FILE *out)
{
	char value[SETTING_VALUE_SIZE];

	if (!setting_is_given(setting, dev))
		return;
	setting_format(setting, dev, value);
	fprintf(out, " %s %s", setting->word, value);
}

static void print_account(const char *word, const struct opt_u32 *id,
			  void (*format)(uint32_t id, char *text), FILE *out)
{
	char name[ACCOUNT_TEXT_SIZE];

	if (!id->set)
		return;
	format(id->value, name);
	fprintf(out, " %s ", word);
	cli_quote(name, out);
}

/* Prints a comment for each setting that the line leaves out, with the reason. */
static void print_comments(const struct saved *saved, const struct config *config, FILE *out)
{
	for (const struct setting *setting = settings; setting->word; setting++) {
		struct dev_new current = { 0 };

		if (saved->unknown & BIT64(setting->attribute))
			fprintf(out, "# the kernel does not report %s of the next device\n",
				setting->word);
		if (!(saved->unsettable & BIT64(setting->attribute)))
			continue;
		setting_take(setting, config, &current);
		fputs("# the next device has", out);
		print_setting(setting, &current, out);
		fputs(", which its management device cannot set\n", out);
	}
}

static void print_saved(const struct saved *saved, const struct config *config, FILE *out)
{
	const struct dev_new *dev = &saved->dev;
	char type[VIRTIO_TYPE_TEXT_SIZE];

	print_comments(saved, config, out);
	/* In a batch, a name that begins with a dash would be taken for an option. */
	fputs(dev->name[0] == '-' ? "-- dev add name " : "dev add name ", out);
	cli_quote(dev->name, out);
	fputs(" mgmtdev ", out);
	cli_quote(dev->mgmtdev.value.text, out);
	if (dev->type.set)
		fprintf(out, " type %s", virtio_type_name(dev->type.id, type));
	for (const struct setting *setting = settings; setting->word; setting++)
		print_setting(setting, dev, out);
	fprintf(out, " driver %s", dev->driver.name);
	print_account("owner", &dev->owner, accounts_format_user, out);
	print_account("group", &dev->group, accounts_format_group, out);
	if (dev->mode.set)
		fprintf(out, " mode %04o", dev->mode.value);
	fputc('\n', out);
}

static void print_text(const struct save *save, const struct state *state, FILE *out)
{
	fputs("# Written by 'vdpa save'; 'vdpa apply FILE' restores these devices.\n", out);
	for (size_t i = 0; i < save->saved.count; i++) {
		const struct saved *saved = save->saved.items[i];

		print_saved(saved, state_config(state, saved->dev.name), out);
	}
}

/* Builds the whole text in memory first: standard output must be complete or empty. */
static int write_text(const struct save *save, const struct state *state, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);
	bool failed;

	if (!memory)
		return err_memory(err);
	print_text(save, state, memory);
	failed = ferror(memory);
	/* The last step of closing it takes memory, and fails without a word. */
	if (fclose(memory) || failed || !text)
		return err_memory(err);
	/* Write errors are reported when standard output is closed. */
	fwrite(text, 1, size, stdout);
	return 0;
}

/* JSON */

static void write_features(struct out *out, const char *key, const struct feature_set *features)
{
	char text[VIRTIO_FEATURE_TEXT_SIZE];

	if (out->options.numeric) {
		snprintf(text, sizeof(text), "0x%jx", (uintmax_t)features->bits);
		out_string(out, key, text);
		return;
	}
	out_list_begin(out, key);
	for (unsigned int bit = 0; bit < 64; bit++)
		if (features->bits & BIT64(bit))
			out_string(out, NULL, virtio_feature_name(features->type, bit, text));
	out_list_end(out);
}

static void write_setting(struct out *out, const struct setting *setting, const struct dev_new *dev)
{
	char value[SETTING_VALUE_SIZE];

	if (!setting_is_given(setting, dev))
		return;
	if (setting->kind == SETTING_FEATURES) {
		write_features(out, setting->word, setting_value(setting, dev));
	} else if (setting->kind == SETTING_NUMBER) {
		out_number(out, setting->word, num_at(setting_value(setting, dev), setting->size));
	} else {
		setting_format(setting, dev, value);
		out_string(out, setting->word, value);
	}
}

static void write_account(struct out *out, const char *key, const struct opt_u32 *id,
			  void (*format)(uint32_t id, char *text))
{
	char name[ACCOUNT_TEXT_SIZE];

	if (!id->set)
		return;
	format(id->value, name);
	out_string(out, key, name);
}

static void write_saved(struct out *out, const char *key _unused_, const void *member)
{
	const struct dev_new *dev = &((const struct saved *)member)->dev;
	char text[VIRTIO_TYPE_TEXT_SIZE];

	out_group_begin(out, dev->name);
	out_string(out, "mgmtdev", dev->mgmtdev.value.text);
	if (dev->type.set)
		out_string(out, "type", virtio_type_name(dev->type.id, text));
	for (const struct setting *setting = settings; setting->word; setting++)
		write_setting(out, setting, dev);
	out_string(out, "driver", dev->driver.name);
	write_account(out, "owner", &dev->owner, accounts_format_user);
	write_account(out, "group", &dev->group, accounts_format_group);
	if (dev->mode.set) {
		snprintf(text, sizeof(text), "%04o", dev->mode.value);
		out_string(out, "mode", text);
	}
	out_group_end(out);
}

static void write_devs(struct out *out, const char *key, const void *member)
{
	const struct list *list = member;

	out_group_begin(out, key);
	for (size_t i = 0; i < list->count; i++)
		write_saved(out, NULL, list->items[i]);
	out_group_end(out);
}

static const struct out_type devs_type = { .write = write_devs };

struct document {
	uint32_t version;
	struct list devs; /* of struct saved */
};

static const struct out_field document_fields[] = {
	OUT_FIELD(struct document, version, "version", HAS_ALWAYS),
	OUT_FIELD_OF(struct document, devs, struct list, &devs_type, "dev", HAS_ALWAYS),
	{ 0 },
};

static int write_json(struct app *app, const struct save *save, struct err *err)
{
	const struct document document = { .version = SAVE_VERSION, .devs = save->saved };
	struct out out;

	for (size_t i = 0; i < save->saved.count; i++) {
		const char *name = ((const struct saved *)save->saved.items[i])->dev.name;

		/* An escaped name would be read back as another name. */
		if (escape_needed(name, ESCAPE_FOR_JSON))
			return err_set_status(err, STATUS_FAILED, EILSEQ,
					      "save '%s': JSON cannot hold this name; without -j "
					      "it can be saved",
					      name);
	}
	tool_out(app, &out, "save", OUT_ONE);
	out_row(&out, NULL, document_fields, &document, BIT64(HAS_ALWAYS));
	return out_close(&out, err);
}

/* Selection of devices */

/* The kernel accepts names that "dev add" refuses; no file could create such a device again. */
static int check_name(const char *name, struct err *err)
{
	static const struct cli_arg arg = { .name = "name" };
	const char *same;
	struct err why;

	if (!cli_type_new_name.parse(&arg, name, &same, &why))
		return 0;
	err_set_status(err, STATUS_FAILED, EILSEQ,
		       "save '%s': no file can hold a name with control bytes", name);
	err_hint(err, "name the other devices to save them: vdpa save DEV...");
	return -err->code;
}

static int add_saved(const struct state *state, const struct dev *dev, struct save *save,
		     struct err *err)
{
	struct saved *saved;
	int ret;

	if (check_name(dev->name, err))
		return -err->code;
	saved = list_new(&save->saved, sizeof(*saved));
	ret = saved ? save_device(state, dev, saved, &save->texts) : -ENOMEM;
	return ret ? sysfs_failed(err, ret, "the owner and the mode of its node") : 0;
}

static int no_dev(const char *name, struct err *err)
{
	err_set(err, ENODEV, "%s", err_words(ENODEV));
	return explain_dev(err, name, "save");
}

static int save_named(const struct state *state, const struct cli_words *names, struct save *save,
		      struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < names->count; i++) {
		const struct dev *dev = state_dev(state, names->words[i]);

		if (!dev)
			ret = no_dev(names->words[i], err);
		else
			ret = add_saved(state, dev, save, err);
	}
	return ret;
}

static int save_all(const struct state *state, const struct opt_handle *mgmtdev, struct save *save,
		    struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < state->devs.count; i++) {
		const struct dev *dev = state->devs.items[i];

		if (!mgmtdev->set || handle_matches(&mgmtdev->value, dev->mgmtdev))
			ret = add_saved(state, dev, save, err);
	}
	return ret;
}

int save_run(void *app, const void *args, struct err *err)
{
	_cleanup_(state_release) struct state state = STATE_INIT;
	_cleanup_(save_release) struct save save = { 0 };
	const struct save_args *wanted = args;
	struct vdpa *vdpa = app;
	int ret = state_read(&vdpa->session, &state, err);

	if (!ret && wanted->mgmtdev.set && !state_mgmtdev(&state, &wanted->mgmtdev.value)) {
		err_set(err, ENODEV, "save");
		ret = explain_mgmtdev(err, &wanted->mgmtdev.value);
	}
	if (!ret)
		ret = wanted->name.count ? save_named(&state, &wanted->name, &save, err)
					 : save_all(&state, &wanted->mgmtdev, &save, err);
	if (ret)
		return ret;
	return vdpa->app.out.json ? write_json(&vdpa->app, &save, err)
				  : write_text(&save, &state, err);
}

const struct cli_arg save_arguments[] = {
	CLI_ARG(struct save_args, name, "DEV", "devices, all by default; also: name DEV",
		.flags = CLI_POSITIONAL | CLI_NAMED | CLI_MANY | CLI_UNTIL, .words = complete_devs),
	CLI_ARG_OF(struct save_args, mgmtdev, struct opt_handle, &handle_type, "MGMTDEV",
		   "only devices of this management device", .words = complete_mgmtdevs),
	{ 0 },
};
