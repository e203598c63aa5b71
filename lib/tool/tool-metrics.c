/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints metrics to a file or standard output, for each tool that has the command "metrics". */
#include "tool/tool-metrics.h"

#include "sys/replace.h"

void metric_sample(const struct metric_print *print, const struct exposition_label *labels,
		   uint64_t value)
{
	exposition_sample(print->out, labels, value);
}

void metric_alone(const struct metric_print *print, uint64_t value)
{
	static const struct exposition_label none[] = { { NULL, NULL } };

	exposition_sample(print->out, none, value);
}

static bool is_printed(const struct metric_family *family, const void *data)
{
	if (!data)
		return family->always;
	return !family->is_there || family->is_there(data);
}

static void print_all(FILE *stream, const struct metric_family *families, const void *data)
{
	struct exposition out;

	exposition_begin(&out, stream);
	for (const struct metric_family *family = families; family->name; family++) {
		const struct metric_print print = { &out, data, family, families };

		if (!is_printed(family, data))
			continue;
		exposition_family(&out, family->name, family->type, family->help);
		family->print(&print);
	}
	exposition_end(&out);
}

static int write_file(const char *path, const struct metric_family *families, const void *data,
		      struct err *err)
{
	_cleanup_(replace_release) struct replace replace;
	int ret = replace_begin(&replace, path, err);

	if (ret)
		return ret;
	print_all(replace.stream, families, data);
	return replace_commit(&replace, err);
}

int metrics_check(const struct app *app, const struct metrics_args *args, const char *instead,
		  struct err *err)
{
	if (app->out.json && !args->output)
		return err_usage(err, "it has no JSON form; '%s' has", instead);
	return 0;
}

void metrics_report_down(struct app *app, const struct err *err)
{
	if (err_exit_status(err) == STATUS_NOT_SUPPORTED)
		tool_warn_of(app, err);
	else
		tool_report(app, err);
}

int metrics_print(const struct metrics_args *args, const struct metric_family *families,
		  const void *data, struct err *err)
{
	if (args->output)
		return write_file(args->output, families, data, err);
	print_all(stdout, families, data);
	return 0;
}

const struct cli_arg metrics_arguments[] = {
	CLI_ARG(struct metrics_args, output, "FILE",
		"write to this file, replaced in one step, instead of standard output",
		.flags = CLI_FILE),
	{ 0 },
};
