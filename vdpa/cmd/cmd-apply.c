/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vdpa apply": brings devices into the state of files, and prints the actions. */
#include "apply-read.h"
#include "commands.h"
#include "sys/accounts.h"
#include "vdpa/model/settings.h"
#include "vdpa/ops/apply.h"
#include "virtio/features.h"

#include <errno.h>
#include <stdio.h>

/* Differences as text */

/* A difference: its key, and the values before and after; empty: none, or unknown. */
struct difference {
	const char *key;
	char before[SETTING_VALUE_SIZE], after[SETTING_VALUE_SIZE];
};

static void describe_setting(const struct step *step, const struct setting *setting,
			     struct difference *difference)
{
	struct dev_new current = { 0 };

	difference->key = setting->word;
	if (step->config && setting_take(setting, step->config, &current)) {
		current.device_features.value.type = step->dev->type.id;
		setting_format(setting, &current, difference->before);
	}
	setting_format(setting, &step->wanted->dev, difference->after);
}

static void describe_right(const struct opt_u32 *current, const struct opt_u32 *wanted,
			   void (*format)(uint32_t id, char *text), struct difference *difference)
{
	if (current->set)
		format(current->value, difference->before);
	format(wanted->value, difference->after);
}

static void format_mode(uint32_t mode, char *text)
{
	snprintf(text, ACCOUNT_TEXT_SIZE, "%04o", mode);
}

static void describe_base(const struct step *step, enum plan_difference bit,
			  struct difference *difference)
{
	const struct dev_new *dev = &step->wanted->dev;
	char name[VIRTIO_TYPE_TEXT_SIZE];

	if (bit == PLAN_MGMTDEV) {
		difference->key = "mgmtdev";
		snprintf(difference->before, sizeof(difference->before), "%s", step->dev->mgmtdev);
		snprintf(difference->after, sizeof(difference->after), "%s",
			 dev->mgmtdev.value.text);
	} else if (bit == PLAN_TYPE) {
		difference->key = "type";
		strcpy(difference->before, virtio_type_name(step->dev->type.id, name));
		strcpy(difference->after, virtio_type_name(dev->type.id, name));
	} else {
		difference->key = "driver";
		strcpy(difference->before,
		       step->dev->topology.driver ? step->dev->topology.driver : DRIVER_NONE);
		strcpy(difference->after, dev->driver.name);
	}
}

/* Describes the difference that bit @bit stands for. */
static void describe(const struct step *step, unsigned int bit, struct difference *difference)
{
	const struct dev_new *dev = &step->wanted->dev;

	difference->before[0] = difference->after[0] = '\0';
	switch (bit) {
	case PLAN_OWNER:
		difference->key = "owner";
		describe_right(&step->rights[0], &dev->owner, accounts_format_user, difference);
		break;
	case PLAN_GROUP:
		difference->key = "group";
		describe_right(&step->rights[1], &dev->group, accounts_format_group, difference);
		break;
	case PLAN_MODE:
		difference->key = "mode";
		describe_right(&step->rights[2], &dev->mode, format_mode, difference);
		break;
	case PLAN_MGMTDEV:
	case PLAN_TYPE:
	case PLAN_DRIVER:
		describe_base(step, bit, difference);
		break;
	default:
		describe_setting(step, &settings[bit], difference);
	}
}

/* Rows */

static void write_text(struct out *out, const struct step *step)
{
	struct difference difference;
	char text[sizeof(difference.before) + sizeof(difference.after) + 8];

	for (unsigned int bit = 0; bit < 32; bit++) {
		if (!(step->differs & BIT64(bit)))
			continue;
		describe(step, bit, &difference);
		snprintf(text, sizeof(text), "%s -> %s",
			 difference.before[0] ? difference.before : "?", difference.after);
		out_string(out, difference.key, text);
	}
}

static void write_side(struct out *out, const char *key, const struct step *step, bool after)
{
	struct difference difference;

	out_group_begin(out, key);
	for (unsigned int bit = 0; bit < 32; bit++) {
		const char *text;

		if (!(step->differs & BIT64(bit)))
			continue;
		describe(step, bit, &difference);
		text = after ? difference.after : difference.before;
		if (*text)
			out_string(out, difference.key, text);
	}
	out_group_end(out);
}

static void write_keys(struct out *out, const struct step *step)
{
	struct difference difference;

	out_list_begin(out, "differs");
	for (unsigned int bit = 0; bit < 32; bit++) {
		if (!(step->differs & BIT64(bit)))
			continue;
		describe(step, bit, &difference);
		out_string(out, NULL, difference.key);
	}
	out_list_end(out);
}

static void write_differences(struct out *out, const char *key _unused_, const void *member)
{
	const struct step *step = member;

	if (!out->options.json) {
		write_text(out, step);
		return;
	}
	write_side(out, "before", step, false);
	write_side(out, "after", step, true);
	write_keys(out, step);
}

static const struct out_type differences_type = { .write = write_differences };

/* The printed form of a step. */
enum row_present {
	ROW_HAS_DIFFERENCES = 1,
	ROW_HAS_ERROR,
	ROW_HAS_REASON,
	ROW_HAS_HINT,
};

struct row {
	const char *action;
	bool done;
	struct step step;
	const char *reason, *hint;
};

static void write_done(struct out *out, const char *key, const void *member)
{
	if (out->options.json)
		out_bool(out, key, *(const bool *)member);
}

static const struct out_type done_type = { .write = write_done };

static void write_reason(struct out *out, const char *key, const void *member)
{
	_cleanup_free_ char *text = NULL;
	const char *reason = *(const char *const *)member;

	if (out->options.json || asprintf(&text, "(%s)", reason) < 0)
		text = NULL;
	out_string(out, key, text ? text : reason);
}

static const struct out_type reason_type = { .write = write_reason };

static const struct out_field row_fields[] = {
	OUT_FIELD(struct row, action, "action", HAS_ALWAYS, .flags = OUT_WORD),
	OUT_FIELD_OF(struct row, done, bool, &done_type, "done", HAS_ALWAYS),
	OUT_FIELD_OF(struct row, step, struct step, &differences_type, "differs",
		     ROW_HAS_DIFFERENCES),
	OUT_FIELD_OF(struct row, reason, const char *, &reason_type, "error", ROW_HAS_ERROR,
		     .flags = OUT_WORD),
	OUT_FIELD_OF(struct row, reason, const char *, &reason_type, "reason", ROW_HAS_REASON,
		     .flags = OUT_WORD),
	OUT_FIELD(struct row, hint, "hint", ROW_HAS_HINT),
	{ 0 },
};

static bool is_failure(const struct step *step)
{
	return step->action == PLAN_REFUSED || plan_action_changes(step->action);
}

static void print_step(struct out *out, const struct step *step)
{
	const struct row row = { .action = plan_action_names[step->action],
				 .done = step->done,
				 .step = *step,
				 .reason = step->reason,
				 .hint = step->hint };
	uint32_t present = BIT64(HAS_ALWAYS);

	if (step->differs)
		present |= BIT64(ROW_HAS_DIFFERENCES);
	if (step->reason)
		present |= BIT64(is_failure(step) ? ROW_HAS_ERROR : ROW_HAS_REASON);
	if (step->hint && out->options.json)
		present |= BIT64(ROW_HAS_HINT);
	out_row(out, step->name, row_fields, &row, present);
}

/* The document */

static bool was_changed(const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps.count; i++)
		if (((const struct step *)plan->steps.items[i])->done)
			return true;
	return false;
}

/*
 * Text lists devices that differ, or that were changed; the others only count in the sum. Refusals
 * and failures have a message on standard error, which is not repeated.
 */
static bool is_printed(const struct out *out, const struct step *step, bool check)
{
	if (out->options.json)
		return true;
	if (check)
		return step->action != PLAN_SAME;
	return step->done || step->action == PLAN_PENDING;
}

/* Returns whether the step failed, was not reached, or was undone. */
static bool is_not_done(const struct step *step)
{
	return plan_action_changes(step->action) && !step->done;
}

static void print_sum(const struct plan *plan, bool check)
{
	size_t counts[PLAN_ACTIONS] = { 0 }, not_done = 0;
	const char *between = "";

	for (size_t i = 0; i < plan->steps.count; i++) {
		const struct step *step = plan->steps.items[i];

		if (!check && is_not_done(step))
			not_done++;
		else
			counts[step->action]++;
	}
	for (int i = 1; i <= PLAN_ACTIONS; i++) {
		/* Action 0, "the same", comes last. */
		const int action = i % PLAN_ACTIONS;

		if (!counts[action])
			continue;
		printf("%s%zu %s", between, counts[action],
		       check ? plan_action_to_do[action] : plan_action_done[action]);
		between = ", ";
	}
	if (not_done)
		printf("%s%zu failed", between, not_done);
	printf("\n");
}

static int print(struct app *app, const struct plan *plan, bool check, struct err *err)
{
	const bool changed = check ? plan_changes(plan) : was_changed(plan);
	struct out out;
	int ret;

	tool_out(app, &out, "apply", OUT_NAMED);
	if (app->out.json) {
		out_bool(&out, "changed", changed);
		out_bool(&out, "check", check);
		out_group_begin(&out, "dev");
	}
	for (size_t i = 0; i < plan->steps.count; i++)
		if (is_printed(&out, plan->steps.items[i], check))
			print_step(&out, plan->steps.items[i]);
	if (app->out.json)
		out_group_end(&out);
	ret = out_close(&out, err);
	if (!ret && !app->out.json && plan->steps.count && (check || changed))
		print_sum(plan, check);
	return ret;
}

/* The run */

static void report_step(struct app *app, const struct step *step)
{
	struct err err;

	err_clear(&err);
	err_set_status(&err, step->status, EBUSY, "'%.255s': %s", step->name, step->reason);
	if (step->hint)
		err_hint(&err, "%s", step->hint);
	tool_report(app, &err);
}

/* A refusal is a failure. Unknown values and drift are warnings, and a pending device is neither.
 */
static void report_refused(struct app *app, const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps.count; i++) {
		const struct step *step = plan->steps.items[i];

		if (step->action == PLAN_REFUSED)
			report_step(app, step);
		else if (step->action == PLAN_UNKNOWN || step->action == PLAN_DRIFT)
			tool_warn(app, "'%.255s': %s", step->name, step->reason);
	}
}

static int check(struct app *app, const struct plan *plan, struct err *err)
{
	int ret = print(app, plan, true, err);

	if (!ret && !app->status && (plan_changes(plan) || plan->counts[PLAN_REFUSED]))
		app->status = STATUS_DIFFERENT;
	return ret;
}

/* One refusal stops the whole plan before any change, unless each device is for itself. */
static int act(struct vdpa *vdpa, const struct state *state, const struct desired *desired,
	       struct plan *plan, const struct apply_options *options, struct err *err)
{
	struct err failure, output;
	int ret = 0;

	report_refused(&vdpa->app, plan);
	if (plan->counts[PLAN_REFUSED] && !options->each)
		return print(&vdpa->app, plan, false, err);
	err_clear(&failure);
	ret = apply_plan(&vdpa->session, state, &desired->wanted, plan, options, &failure);
	if (ret)
		tool_report(&vdpa->app, &failure);
	if (print(&vdpa->app, plan, false, &output))
		*err = output;
	else
		return 0;
	return -err->code;
}

static int plan_and_act(struct vdpa *vdpa, const struct apply_args *args, struct desired *desired,
			struct err *err)
{
	_cleanup_(state_release) struct state state = STATE_INIT;
	_cleanup_(plan_release) struct plan plan = { 0 };
	const struct apply_options options = {
		.plan = { .prune = args->prune, .replace = args->replace },
		.wait = args->wait,
		.each = vdpa->app.caller.force,
	};
	int ret = state_read(&vdpa->session, &state, err);

	if (!ret)
		ret = plan_make(&vdpa->session, &state, &desired->wanted, &options.plan, &plan,
				err);
	if (ret)
		return ret;
	return args->check ? check(&vdpa->app, &plan, err)
			   : act(vdpa, &state, desired, &plan, &options, err);
}

int apply_run(void *app, const void *args, struct err *err)
{
	_cleanup_(desired_release) struct desired desired = { .root = &vdpa_root };
	const struct apply_args *apply = args;
	_cleanup_close_ int lock = -1;
	struct vdpa *vdpa = app;
	int ret;

	if (apply->check && vdpa->app.caller.force)
		return err_usage(err,
				 "'check' and '--force' cannot be combined: check changes nothing");
	ret = desired_read(&desired, &apply->file, err);
	if (!ret && apply->prune && !desired_names_mgmtdev(&desired))
		ret = err_usage(err, "prune needs a file that names a management device: it only "
				     "deletes devices of those");
	if (!ret && !apply->check)
		ret = apply_lock(&vdpa->session, &lock, err);
	return ret ? ret : plan_and_act(vdpa, apply, &desired, err);
}

const struct cli_arg apply_arguments[] = {
	CLI_ARG(struct apply_args, file, "FILE",
		"a file, a directory whose files end in .conf, or - for standard input",
		.flags = CLI_POSITIONAL | CLI_REQUIRED | CLI_MANY | CLI_UNTIL | CLI_FILE),
	CLI_ARG(struct apply_args, check, NULL,
		"only report differences; status 8 if there are any"),
	CLI_ARG(struct apply_args, prune, NULL,
		"delete devices that no file names, on management devices of the files"),
	CLI_ARG(struct apply_args, replace, NULL,
		"delete and create again devices that cannot be changed"),
	CLI_ARG(struct apply_args, wait, "SECONDS",
		"wait at most this long for nodes, interfaces and disks"),
	{ 0 },
};
