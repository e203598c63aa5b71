/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frame of all tools: runs a command, reports its error, chooses its output. */
#include "base/escape.h"
#include "sys/guard.h"
#include "sys/terminal.h"
#include "tool-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

/* Errors */

/* A copy of a text for stderr, without the secrets that a user may have typed anywhere. */
static char *tool_mask(const struct app *app, const char *text)
{
	char *masked = strdup(text);

	if (masked && app->mask)
		app->mask(masked);
	return masked;
}

static void print_escaped(const struct app *app, const char *text)
{
	_cleanup_free_ char *masked = tool_mask(app, text);
	_cleanup_free_ char *safe = masked ? escape(masked, ESCAPE_FOR_TERMINAL) : NULL;

	fputs(safe ? safe : "(not enough memory)", stderr);
}

/* Who speaks, and of which line. */
static void put_where(const struct app *app)
{
	fprintf(stderr, "%s%s: ", app->clear, app->root->name);
	if (!app->file)
		return;
	print_escaped(app, app->file);
	fprintf(stderr, ":%zu: ", app->place.line);
}

static void print_message(const struct app *app, const char *text, const char *hint)
{
	fflush(stdout);
	put_where(app);
	print_escaped(app, text);
	fputc('\n', stderr);
	if (*hint) {
		fputs("hint: ", stderr);
		print_escaped(app, hint);
		fputc('\n', stderr);
	}
	fflush(stderr);
}

/* A message in one write: those of several processes do not mix. */
static void buffer_stderr(void)
{
	static char buffer[BUFSIZ];

	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
}

void tool_report(struct app *app, const struct err *err)
{
	print_message(app, err->text, err->hint);
	if (!app->status) {
		app->status = err_exit_status(err);
		app->failed = app->place;
	}
	if (app->place.number != app->last_failed)
		app->failures++;
	app->last_failed = app->place.number;
}

void tool_warn(struct app *app, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_message(app, text, "");
}

static void report(struct caller *caller, const struct err *err)
{
	tool_report((struct app *)caller, err);
}

static void warn(struct caller *caller, const char *text)
{
	print_message((struct app *)caller, text, "");
}

static void print_running(const struct app *app)
{
	for (size_t i = 0; i < app->running.count; i++) {
		fputs(i ? " " : ": ", stderr);
		print_escaped(app, app->running.words[i]);
	}
	fputc('\n', stderr);
}

/* Says what the kernel does not come back from, and what it may still do when we leave. */
static void say_note(void *data, enum guard_note note)
{
	static const struct {
		const char *text, *hint;
	} notes[] = {
		[GUARD_LATE] = { "still waiting for ", "Ctrl-C stops waiting; look afterwards "
						       "whether the kernel did it" },
		[GUARD_LEFT] = { "interrupted while the kernel works on it",
				 "the kernel cannot be stopped, and may still do it" },
		[GUARD_LEFT_UNDOING] = { "interrupted while the kernel works on it",
					 "it is undone as soon as the kernel lets go of it" },
	};
	const struct app *app = data;

	put_where(app);
	fputs(notes[note].text, stderr);
	if (note == GUARD_LATE)
		print_escaped(app, guard_awaited());
	print_running(app);
	fprintf(stderr, "hint: %s\n", notes[note].hint);
	fflush(stderr);
}

/* Output */

void tool_out(struct app *app, struct out *out, const char *key, enum out_shape shape)
{
	/* The document has a buffer of its own. */
	setvbuf(stdout, NULL, _IONBF, 0);
	/* Asked anew each time: a terminal may have grown under what is drawn again. */
	app->out.columns = app->out.json ? 0 : terminal_columns(STDOUT_FILENO);
	out_open(out, &app->out, stdout, key, shape);
}

/*
 * A file that the command opens must not become the standard output of a caller without one. In its
 * place comes what can neither be read nor written, and is there even where /dev/null is not.
 */
static bool hold_standard_streams(const char *tool)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || open("/", O_PATH) == fd)
			continue;
		fprintf(stderr, "%s: descriptor %d is closed, and cannot be kept free: %s\n", tool,
			fd, err_words(errno));
		return false;
	}
	return true;
}

static void close_stdout(struct app *app)
{
	bool failed = ferror(stdout);
	struct err err = { 0 };

	errno = 0;
	failed |= fclose(stdout) != 0;
	if (!failed)
		return;
	err_set(&err, errno ? errno : EIO, "standard output: %s", err_words(errno ? errno : EIO));
	err.status = STATUS_FAILED;
	tool_report(app, &err);
}

/* Commands */

/* The documents of a batch stand a line each, and a reader of them expects no other text. */
static FILE *text_stream(const struct app *app, bool json)
{
	return app->file && json ? stderr : stdout;
}

static int run_call(struct app *app, const struct cli_call *call, struct err *err)
{
	const struct cli_cmd *last = call->path[call->depth - 1];
	FILE *out = text_stream(app, app->out.json);
	unsigned int columns;

	if (!call->help)
		return last->run(app, call->args, err);
	columns = terminal_columns(fileno(out));
	cli_help(call, columns, out);
	if (call->depth == 1)
		options_print(columns, out);
	fflush(out);
	return 0;
}

/* Where the mistake is, from the object on: "dev add: ". */
static void add_path(const struct cli_call *call, struct err *err)
{
	char path[128] = "";

	for (unsigned int i = 1; i < call->depth; i++)
		snprintf(path + strlen(path), sizeof(path) - strlen(path), "%s%s", i > 1 ? " " : "",
			 call->path[i]->name);
	if (*path)
		err_context(err, "%s", path);
}

static void report_failure(struct app *app, const struct cli_call *call, struct err *err)
{
	const bool usage = err_exit_status(err) == STATUS_USAGE;

	if (usage)
		add_path(call, err);
	tool_report(app, err);
	/* For a line of many, the message says enough. */
	if (usage && !app->file)
		cli_usage(call, terminal_columns(STDERR_FILENO), stderr);
}

/* A command whose words were understood. */
struct understood {
	struct app *app;
	const struct cli_call *call;
};

static void run_understood(void *data)
{
	const struct understood *understood = data;
	struct err err;

	err_clear(&err);
	if (run_call(understood->app, understood->call, &err) && err.code)
		report_failure(understood->app, understood->call, &err);
}

/* A batch is in a guard as a whole, and what never asks the kernel needs none. */
static bool needs_guard(const struct app *app, const struct cli_call *call)
{
	return !app->file && !call->help && !(call->path[call->depth - 1]->flags & CLI_OFFLINE);
}

void tool_run(struct app *app, const struct options *options, char **words, size_t count)
{
	struct cli_call call = { .help = options->help };
	struct understood understood = { .app = app, .call = &call };
	struct err err;

	err_clear(&err);
	if (options->version) {
		FILE *out = text_stream(app, options->json);

		fprintf(out, "%s utility, vdpa-tools %s\n", app->root->name, tool_version);
		fflush(out);
		return;
	}
	options_apply(app, options);
	app->running = (struct cli_words){ words, count };
	if (cli_parse(app->root, words, count, &call, &err))
		report_failure(app, &call, &err);
	else if (needs_guard(app, &call))
		guard_run(run_understood, &understood, say_note, app);
	else
		run_understood(&understood);
	cli_call_release(&call);
	app->running.count = 0;
}

/* A mistake before there is a command. */
static void report_usage(struct app *app, const struct err *err)
{
	struct cli_call call = { .path = { app->root }, .depth = 1 };

	tool_report(app, err);
	cli_usage(&call, terminal_columns(STDERR_FILENO), stderr);
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

	guard_run(batch_in_guard, &run, say_note, app);
}

static void run(struct app *app, int argc, char **argv)
{
	struct options options = { 0 };
	struct err err = { 0 };
	size_t count;
	int ret;

	if (argc > 1 && (str_equal(argv[1], COMPLETE) || str_equal(argv[1], COMPLETE_DESCRIBED))) {
		tool_complete(app, argv + 1, argc - 1);
		return;
	}
	ret = options_parse(argc, argv, &options, &count, &err);
	if (!ret && options.batch && count)
		ret = err_usage(&err, "'%s' is not expected with --batch", argv[0]);
	if (ret)
		report_usage(app, &err);
	else if (options.batch && !options.help && !options.version)
		run_batch(app, &options);
	else
		tool_run(app, &options, argv, count);
}

int tool_main(struct app *app, int argc, char **argv)
{
	if (!hold_standard_streams(app->root->name))
		return STATUS_FAILED;
	app->caller.report = report;
	app->caller.warn = warn;
	app->clear = "";
	buffer_stderr();
	/* A reader that went away, or a file at its limit, is a write error like any other. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	run(app, argc, argv);
	close_stdout(app);
	return app->status;
}
