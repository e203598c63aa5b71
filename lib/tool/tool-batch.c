/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the commands of a batch file, one after the other. */
#include "base/clock.h"
#include "cli/cli-lines.h"
#include "sys/guard.h"
#include "tool-internal.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

/* Milliseconds before the first progress line, and between two of them. */
#define PROGRESS_AFTER 1000
#define PROGRESS_EVERY 200

#define CLEAR_LINE "\r\033[K"

struct batch {
	struct app *app;
	const struct options *options;
	struct cli_lines lines;
	off_t size;	  /* size of the file, 0 if unknown */
	int64_t progress; /* time of the next progress line in milliseconds; 0: never */
	size_t commands;  /* commands that were started */
};

static void show_progress(struct batch *batch)
{
	int64_t now = batch->progress ? clock_milliseconds() : 0;
	off_t offset;

	if (!batch->progress || now < batch->progress)
		return;
	batch->progress = now + PROGRESS_EVERY;
	batch->app->clear = CLEAR_LINE;
	offset = batch->size ? ftello(batch->lines.file) : 0;
	fprintf(stderr, CLEAR_LINE "%zu commands", batch->commands);
	if (batch->size && offset >= 0)
		fprintf(stderr, ", %d %%", (int)(100 * offset / batch->size));
	fflush(stderr);
}

static void end_progress(struct batch *batch)
{
	fputs(batch->app->clear, stderr);
	fflush(stderr);
	batch->app->clear = "";
}

static void run_line(struct batch *batch, struct cli_words *words)
{
	struct options options = *batch->options;
	struct app *app = batch->app;
	struct err err;
	size_t count;

	err_clear(&err);
	options.batch = NULL;
	/*
	 * On the tool's own command line, -f means to continue after a failure. Anything dangerous
	 * must be requested on its own line.
	 */
	options.force = false;
	words->words[0] = (char *)app->root->name;
	if (!options_parse((int)words->count, words->words, &options, &count, &err) &&
	    options.batch)
		err_usage(&err, "a batch cannot run another batch");
	app->out.json = options.json;
	/* Each document is one line. */
	options.pretty = false;
	if (err.code)
		tool_report(app, &err);
	else
		tool_run(app, &options, words->words, count);
}

/* Splits the line into words and runs it. */
static void take_line(struct batch *batch)
{
	struct cli_words words;
	struct err err;

	if (cli_split(batch->lines.line, &words, &err)) {
		batch->app->place.number = ++batch->commands;
		tool_report(batch->app, &err);
	} else if (words.count > 1) {
		batch->app->place.number = ++batch->commands;
		run_line(batch, &words);
	}
	free(words.words);
}

/* Returns whether to run the next line. */
static bool may_go_on(const struct batch *batch)
{
	return !batch->lines.ended && !guard_signal() && (!batch->app->status || batch->app->go_on);
}

static void run_lines(struct batch *batch)
{
	struct app *app = batch->app;
	struct err err = { 0 };
	int ret;

	while (may_go_on(batch) && (ret = cli_lines_next(&batch->lines, &err)) != 0) {
		app->place.line = batch->lines.begin;
		/* The previous line may have had options of its own. */
		app->out.json = batch->options->json;
		if (ret > 0) {
			take_line(batch);
		} else if (!guard_signal()) {
			app->place.number = ++batch->commands;
			tool_report(app, &err);
		}
		show_progress(batch);
	}
}

static int open_file(struct batch *batch, const char *name, struct err *err)
{
	struct stat status;

	batch->lines.file = str_equal(name, "-") ? stdin : fopen(name, "re");
	if (!batch->lines.file)
		return err_set_status(err, STATUS_FAILED, errno, "batch '%s': %s", name,
				      err_words(errno));
	if (!fstat(fileno(batch->lines.file), &status) && S_ISREG(status.st_mode))
		batch->size = status.st_size;
	if (isatty(STDERR_FILENO) && !batch->options->json)
		batch->progress = clock_milliseconds() + PROGRESS_AFTER;
	return 0;
}

/* Reports how many commands were done before the one that failed, or before a signal came. */
static void say_how_far(struct app *app, size_t done)
{
	const char *event = guard_signal() ? "interrupted" : "stopped";
	const char *were = done == 1 ? "command was" : "commands were";

	if (app->status)
		tool_warn(app, "%s here: %zu %s done, this one and those after it were not", event,
			  done, were);
	else
		tool_warn(app, "%s here: %zu %s done", event, done, were);
}

static void sum_up(struct batch *batch)
{
	struct app *app = batch->app;
	size_t done = app->failed.number ? app->failed.number - 1 : 0;

	app->out.json = batch->options->json;
	if (app->status) {
		app->place = app->failed;
		if (app->go_on)
			tool_warn(app, "%zu of %zu commands failed, this one first", app->failures,
				  batch->commands);
		else
			say_how_far(app, done);
	} else if (guard_signal() && !guard_is_forgiven()) {
		say_how_far(app, batch->commands);
	}
}

void tool_batch(struct app *app, const struct options *options)
{
	struct batch batch = { .app = app, .options = options };
	struct err err = { 0 };

	app->go_on = options->force;
	if (open_file(&batch, options->batch, &err)) {
		tool_report(app, &err);
		return;
	}
	app->file = options->batch;
	/*
	 * Hold, so that a signal ends the batch between two commands and it can report how far it
	 * came.
	 */
	guard_hold();
	run_lines(&batch);
	end_progress(&batch);
	sum_up(&batch);
	guard_release();
	app->file = NULL;
	if (batch.lines.file != stdin)
		fclose(batch.lines.file);
	cli_lines_release(&batch.lines);
}
