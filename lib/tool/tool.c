/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The main function of all tools: runs a command, prints its result and reports its error. */
#include "base/text.h"
#include "sys/guard.h"
#include "sys/terminal.h"
#include "tool-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* Write each message at once, so that the messages of several processes do not mix. */
static void buffer_stderr(void)
{
	static char buffer[4 * BUFSIZ];

	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
}

/* Output */

void tool_out(struct app *app, struct out *out, const char *key, enum out_shape shape)
{
	/* A document has its own buffer. */
	setvbuf(stdout, NULL, _IONBF, 0);
	/* Ask each time: the terminal may have been resized between two documents. */
	app->out.columns = app->out.json ? 0 : terminal_columns(STDOUT_FILENO);
	out_open(out, &app->out, stdout, key, shape);
}

int tool_out_list(struct app *app, const char *key, const struct list *list,
		  const struct tool_rows *rows, struct err *err)
{
	struct out out;

	tool_out(app, &out, key, OUT_NAMED);
	for (size_t i = 0; i < list->count; i++) {
		const char *item = list->items[i];

		out_row(&out, *(const char *const *)(item + rows->name), rows->fields, item,
			*(const uint32_t *)(item + rows->present));
	}
	return out_close(&out, err);
}

/*
 * If the caller closed a standard stream, the first file that the command opens would get its
 * number, and our output would go into that file. Fill the gap with a descriptor that can be
 * neither read nor written. "/" exists even where /dev/null does not.
 */
static int hold_standard_streams(struct err *err)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || open("/", O_PATH) == fd)
			continue;
		return err_set_status(err, STATUS_FAILED, errno,
				      "file descriptor %d is closed and cannot be reserved: %s", fd,
				      err_words(errno));
	}
	return 0;
}

static void close_stdout(struct app *app)
{
	bool failed = ferror(stdout);
	struct err err = { 0 };

	/* A full disk or an exceeded quota may be reported only when the file is closed. */
	errno = 0;
	failed |= fclose(stdout) != 0;
	if (!failed)
		return;
	err_set(&err, errno ? errno : EIO, "standard output: %s", err_words(errno ? errno : EIO));
	err.status = STATUS_FAILED;
	tool_report(app, &err);
}

/* Commands */

static void print_help(struct app *app, const struct cli_call *call)
{
	const unsigned int columns = terminal_columns(STDOUT_FILENO);

	/* A program that reads a batch's documents line by line expects no other text. */
	if (app->file && app->out.json) {
		tool_warn(app, "help is text and is not printed among JSON documents");
		return;
	}
	if (call->depth == 1 && !app->out.details) {
		cli_help_short(call, columns, stdout);
		options_print_short(columns, stdout);
	} else {
		cli_help(call, columns, stdout);
		if (call->depth == 1)
			options_print(columns, stdout);
	}
	fflush(stdout);
}

struct version {
	const char *tool, *release;
};

static const struct out_field version_fields[] = {
	OUT_FIELD(struct version, tool, "tool", 0),
	OUT_FIELD(struct version, release, "release", 0),
	{ 0 },
};

static void print_version(struct app *app)
{
	const struct version version = { app->root->name, tool_version };
	struct err err = { 0 };
	struct out out;

	if (!app->out.json) {
		printf("%s utility, vdpa-tools %s\n", version.tool, version.release);
		fflush(stdout);
		return;
	}
	tool_out(app, &out, "version", OUT_ONE);
	out_row(&out, NULL, version_fields, &version, 1);
	if (out_close(&out, &err))
		tool_report(app, &err);
}

static int run_call(struct app *app, const struct cli_call *call, struct err *err)
{
	if (!call->help)
		return call->path[call->depth - 1]->run(app, call->args, err);
	print_help(app, call);
	return 0;
}

/* Adds the command to a usage error: "dev add: ". */
static void add_path(const struct cli_call *call, struct err *err)
{
	char path[128];
	struct text text = text_begin(path, sizeof(path));

	for (unsigned int i = 1; i < call->depth; i++)
		text_join(&text, " ", "%s", call->path[i]->name);
	if (*path)
		err_context(err, "%s", path);
}

/*
 * In a batch, and for a program, the message says enough. Where usage is printed, it replaces the
 * hint.
 */
static void report_usage(struct app *app, const struct cli_call *call, struct err *err)
{
	const bool alone = app->file || app->out.json;

	if (!alone)
		err->hint[0] = '\0';
	tool_report(app, err);
	if (!alone)
		cli_usage(call, terminal_columns(STDERR_FILENO), stderr);
}

static void report_failure(struct app *app, const struct cli_call *call, struct err *err)
{
	if (err_exit_status(err) == STATUS_USAGE) {
		add_path(call, err);
		report_usage(app, call, err);
	} else {
		tool_report(app, err);
	}
}

/* A command line that was parsed. */
struct parsed {
	struct app *app;
	const struct cli_call *call;
};

static void run_parsed(void *data)
{
	const struct parsed *parsed = data;
	struct err err;

	err_clear(&err);
	if (run_call(parsed->app, parsed->call, &err) && err.code)
		report_failure(parsed->app, parsed->call, &err);
}

/* A batch runs under one guard as a whole. Commands that never ask the kernel need no guard. */
static bool needs_guard(const struct app *app, const struct cli_call *call)
{
	return !app->file && !call->help && !(call->path[call->depth - 1]->flags & CLI_OFFLINE);
}

void tool_run(struct app *app, const struct options *options, char **words, size_t count)
{
	struct cli_call call = { .help = options->help };
	struct parsed parsed = { .app = app, .call = &call };
	struct err err;

	err_clear(&err);
	options_apply(app, options);
	if (options->version) {
		print_version(app);
		return;
	}
	app->running = (struct cli_words){ words, count };
	if (cli_parse(app->root, words, count, &call, &err))
		report_failure(app, &call, &err);
	else if (needs_guard(app, &call))
		guard_run(run_parsed, &parsed, tool_say_note, app);
	else
		run_parsed(&parsed);
	cli_call_release(&call);
	app->running.count = 0;
}

struct batch_run {
	struct app *app;
	const struct options *options;
};

static void batch_in_guard(void *data)
{
	const struct batch_run *run = data;

	tool_batch(run->app, run->options);
}

static void run_batch(struct app *app, const struct options *options)
{
	struct batch_run run = { .app = app, .options = options };

	guard_run(batch_in_guard, &run, tool_say_note, app);
}

static void run(struct app *app, int argc, char **argv)
{
	const struct cli_call call = { .path = { app->root }, .depth = 1 };
	struct options options = { 0 };
	struct err err = { 0 }, held = { 0 };
	size_t count;
	int ret;

	if (argc > 1 && (str_equal(argv[1], COMPLETE) || str_equal(argv[1], COMPLETE_DESCRIBED))) {
		if (!hold_standard_streams(&held))
			tool_complete(app, argv + 1, argc - 1);
		return;
	}
	ret = options_parse(argc, argv, &options, &count, &err);
	if (!ret && options.batch && count)
		ret = err_usage(&err, "'%s' is not expected with --batch", argv[0]);
	app->out.json = options.json;
	if (hold_standard_streams(&held))
		tool_report(app, &held);
	else if (ret)
		report_usage(app, &call, &err);
	else if (options.batch && !options.help && !options.version)
		run_batch(app, &options);
	else
		tool_run(app, &options, argv, count);
}

int tool_main(struct app *app, int argc, char **argv)
{
	app->caller.report = tool_report_caller;
	app->caller.warn = tool_warn_caller;
	app->clear = "";
	buffer_stderr();
	/*
	 * Treat a reader that has gone, and a file at its size limit, like any other write error.
	 */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	run(app, argc, argv);
	close_stdout(app);
	return app->status;
}
