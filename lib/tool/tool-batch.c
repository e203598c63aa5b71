/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the lines of a batch, one after the other. */
#include "sys/guard.h"
#include "tool-internal.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

/* Milliseconds until progress is shown, and between two times. */
#define PROGRESS_AFTER 1000
#define PROGRESS_EVERY 200

#define CLEAR_LINE "\r\033[K"

/* No line is left: no negative errno. */
#define END (-4096)

struct batch {
	struct app *app;
	const struct options *options;
	FILE *file;
	off_t size;	  /* bytes of the file, 0 where that is unknown */
	int64_t progress; /* when it is to be shown next, in milliseconds; 0: never */
	size_t lines;	  /* read */
	size_t commands;  /* begun */
	bool ended;	  /* no more of the file can be read */
	char *line;
	size_t line_size;
};

static void show_progress(struct batch *batch)
{
	int64_t now = batch->progress ? milliseconds_now() : 0;
	off_t offset;

	if (!batch->progress || now < batch->progress)
		return;
	batch->progress = now + PROGRESS_EVERY;
	batch->app->clear = CLEAR_LINE;
	offset = batch->size ? ftello(batch->file) : 0;
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

/*
 * Whether the backslash at the end of a line joins the next one to it: not that of a comment.
 * @last: where the last of the lines that are joined already begins.
 */
static bool is_continued(const char *line, size_t length, size_t last)
{
	size_t count = 0;

	while (count < length && line[length - 1 - count] == '\\')
		count++;
	return count % 2 && !(strchr(line + last, '#') && cli_ends_in_comment(line));
}

/*
 * Reads one line of the file, without its newline. Returns its length, END at the end of the file,
 * or another negative errno. getline() reports neither its lack of memory nor an interruption by
 * ferror(), so only feof() tells the end.
 */
static ssize_t read_line(FILE *file, char **line, size_t *size)
{
	ssize_t length;

	errno = 0;
	length = getline(line, size, file);
	if (length < 0)
		return feof(file) && !ferror(file) ? END : -(errno ? errno : EIO);
	if (length > 0 && (*line)[length - 1] == '\n')
		(*line)[--length] = '\0';
	/* As other systems end their lines. */
	if (length > 0 && (*line)[length - 1] == '\r')
		(*line)[--length] = '\0';
	return length;
}

/* Editors of other systems put a mark at a file's start, U+FEFF, which is no part of its text. */
static ssize_t drop_mark(char *line, ssize_t length)
{
	static const char mark[] = "\xef\xbb\xbf";
	const ssize_t size = sizeof(mark) - 1;

	if (length < size || memcmp(line, mark, sizeof(mark) - 1) != 0)
		return length;
	memmove(line, line + size, (size_t)(length - size) + 1);
	return length - size;
}

/* Appends the line that a backslash has joined. Returns the length of both, or a negative errno. */
static ssize_t join_line(struct batch *batch, ssize_t length)
{
	_cleanup_free_ char *next = NULL;
	size_t size = 0;
	ssize_t more = read_line(batch->file, &next, &size);
	char *longer;

	length--;
	batch->line[length] = '\0';
	if (more == END)
		return length;
	if (more < 0)
		return more;
	batch->lines++;
	longer = realloc(batch->line, (size_t)(length + more) + 1);
	if (!longer)
		return -ENOMEM;
	batch->line = longer;
	batch->line_size = (size_t)(length + more) + 1;
	memcpy(batch->line + length, next, (size_t)more + 1);
	return length + more;
}

/*
 * Reads the next command's line into the batch. Returns 1, 0 at the end, or a negative errno with
 * @err filled.
 */
static int next_line(struct batch *batch, struct err *err)
{
	ssize_t length, last = 0;

	length = read_line(batch->file, &batch->line, &batch->line_size);
	if (length == END)
		return 0;
	if (!batch->lines)
		length = drop_mark(batch->line, length);
	batch->app->place.line = ++batch->lines;
	while (length > 0 && is_continued(batch->line, (size_t)length, (size_t)last)) {
		last = length - 1;
		length = join_line(batch, length);
	}
	if (length < 0) {
		batch->ended = true;
		return err_set_status(err, STATUS_FAILED, (int)-length, "%s",
				      err_words((int)-length));
	}
	if (strlen(batch->line) != (size_t)length)
		return err_usage(err, "the line holds a NUL byte");
	return 1;
}

static void run_line(struct batch *batch, struct cli_words *words)
{
	struct options options = *batch->options;
	struct app *app = batch->app;
	struct err err;
	size_t count;

	err_clear(&err);
	options.batch = NULL;
	/* Before the batch it means to go on. What is dangerous is asked for at its line. */
	options.force = false;
	words->words[0] = (char *)app->root->name;
	if (!options_parse((int)words->count, words->words, &options, &count, &err) &&
	    options.batch)
		err_usage(&err, "a batch within a batch");
	app->out.json = options.json;
	/* One document a line. */
	options.pretty = false;
	if (err.code)
		tool_report(app, &err);
	else
		tool_run(app, &options, words->words, count);
}

/* Takes the line apart and runs it. */
static void take_line(struct batch *batch)
{
	struct cli_words words;
	struct err err;

	if (cli_split(batch->line, &words, &err)) {
		batch->app->place.number = ++batch->commands;
		tool_report(batch->app, &err);
	} else if (words.count > 1) {
		batch->app->place.number = ++batch->commands;
		run_line(batch, &words);
	}
	free(words.words);
}

/* Whether to go on. */
static bool may_go_on(const struct batch *batch)
{
	return !batch->ended && !guard_signal() && (!batch->app->status || batch->app->go_on);
}

static void run_lines(struct batch *batch)
{
	struct app *app = batch->app;
	struct err err = { 0 };
	int ret;

	while (may_go_on(batch) && (ret = next_line(batch, &err)) != 0) {
		/* The line before may have had options of its own. */
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

	batch->file = str_equal(name, "-") ? stdin : fopen(name, "re");
	if (!batch->file)
		return err_set_status(err, STATUS_FAILED, errno, "batch '%s': %s", name,
				      err_words(errno));
	if (!fstat(fileno(batch->file), &status) && S_ISREG(status.st_mode))
		batch->size = status.st_size;
	if (isatty(STDERR_FILENO) && !batch->options->json)
		batch->progress = milliseconds_now() + PROGRESS_AFTER;
	return 0;
}

/* How many commands were done before the one that failed, or before a signal came. */
static void say_how_far(struct app *app, size_t done)
{
	const char *event = guard_signal() ? "interrupted" : "stopped";
	const char *were = done == 1 ? "command was" : "commands were";

	if (app->status)
		tool_warn(app, "%s here: %zu %s done, this one and those behind it not", event,
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
			tool_warn(app, "the first of %zu that failed, of %zu commands",
				  app->failures, batch->commands);
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
	/* A signal ends it between two commands, so that it can say how far it came. */
	guard_hold();
	run_lines(&batch);
	end_progress(&batch);
	sum_up(&batch);
	guard_release();
	app->file = NULL;
	if (batch.file != stdin)
		fclose(batch.file);
	free(batch.line);
}
