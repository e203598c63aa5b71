/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints errors and warnings on standard error, as text or as JSON documents. */
#include "base/escape.h"
#include "sys/guard.h"
#include "tool-internal.h"

#include <stdarg.h>

/* An error or a warning as JSON shows it, without secrets. */
struct diagnosis {
	const char *tool, *message, *hint, *file;
	uint32_t status;
	uint64_t line;
};

enum diagnosis_has {
	HAS_STATUS = HAS_ALWAYS + 1,
	HAS_HINT,
	HAS_PLACE
};

static const struct out_field diagnosis_fields[] = {
	OUT_FIELD(struct diagnosis, tool, "tool", HAS_ALWAYS),
	OUT_FIELD(struct diagnosis, status, "status", HAS_STATUS),
	OUT_FIELD(struct diagnosis, message, "message", HAS_ALWAYS),
	OUT_FIELD(struct diagnosis, hint, "hint", HAS_HINT),
	OUT_FIELD(struct diagnosis, file, "file", HAS_PLACE),
	OUT_FIELD(struct diagnosis, line, "line", HAS_PLACE),
	{ 0 },
};

static void print_json(const struct diagnosis *diagnosis)
{
	const struct out_options options = { .json = true };
	const uint32_t present = BIT64(HAS_ALWAYS) | (diagnosis->status ? BIT64(HAS_STATUS) : 0) |
				 (*diagnosis->hint ? BIT64(HAS_HINT) : 0) |
				 (diagnosis->file ? BIT64(HAS_PLACE) : 0);
	struct err err;
	struct out out;

	out_open(&out, &options, stderr, diagnosis->status ? "error" : "warning", OUT_ONE);
	out_row(&out, NULL, diagnosis_fields, diagnosis, present);
	out_close(&out, &err);
}

static void print_escaped(const char *text)
{
	char piece[ESCAPE_PIECE];

	if (!escape_needed(text, ESCAPE_FOR_TERMINAL)) {
		fputs(text, stderr);
		return;
	}
	for (size_t length; (length = escape_next(&text, ESCAPE_FOR_TERMINAL, piece));)
		fwrite(piece, 1, length, stderr);
}

static void print_text(const struct app *app, const struct diagnosis *diagnosis)
{
	fprintf(stderr, "%s%s: ", app->clear, diagnosis->tool);
	if (diagnosis->file) {
		print_escaped(diagnosis->file);
		fprintf(stderr, ":%zu: ", app->place.line);
	}
	print_escaped(diagnosis->message);
	fputc('\n', stderr);
	if (*diagnosis->hint) {
		fputs("hint: ", stderr);
		print_escaped(diagnosis->hint);
		fputc('\n', stderr);
	}
}

/* Returns a copy of a text without the secrets that a user may have typed anywhere. */
static char *mask(const struct app *app, const char *text)
{
	char *masked = strdup(text);

	if (masked && app->mask)
		app->mask(masked);
	return masked;
}

/* @status: STATUS_DONE for a warning. @hint: may be empty. */
static void say(const struct app *app, enum status status, const char *text, const char *hint)
{
	_cleanup_free_ char *message = mask(app, text), *advice = mask(app, hint);
	_cleanup_free_ char *file = app->file ? mask(app, app->file) : NULL;
	struct diagnosis diagnosis = {
		.tool = app->root->name,
		.message = message ? message : "(not enough memory)",
		.hint = advice ? advice : "",
		.file = file,
		.status = status,
		.line = app->place.line,
	};

	fflush(stdout);
	if (app->out.json)
		print_json(&diagnosis);
	else
		print_text(app, &diagnosis);
	fflush(stderr);
}

void tool_report(struct app *app, const struct err *err)
{
	say(app, err_exit_status(err), err->text, err->hint);
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
	say(app, STATUS_DONE, text, "");
}

void tool_warn_of(struct app *app, const struct err *err)
{
	say(app, STATUS_DONE, err->text, err->hint);
}

void tool_report_caller(struct caller *caller, const struct err *err)
{
	tool_report((struct app *)caller, err);
}

void tool_warn_caller(struct caller *caller, const char *text)
{
	say((struct app *)caller, STATUS_DONE, text, "");
}

/*
 * Returns the text of a note with the command that it is about, which the caller frees, or NULL if
 * there is no memory.
 */
static char *describe_note(const struct app *app, const char *text, const char *awaited)
{
	char *note = NULL;
	size_t size;
	FILE *out = open_memstream(&note, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s%s", text, awaited);
	for (size_t i = 0; i < app->running.count; i++)
		fprintf(out, "%s%s", i ? " " : ": ", app->running.words[i]);
	fclose(out);
	return note;
}

void tool_say_note(void *data, enum guard_note note)
{
	static const struct {
		const char *text, *hint;
	} notes[] = {
		[GUARD_LATE] = { "still waiting for ", "Ctrl-C stops waiting; check afterwards "
						       "whether the kernel did it" },
		[GUARD_LEFT] = { "interrupted while the kernel works on it",
				 "the kernel cannot be stopped and may still do it" },
		[GUARD_LEFT_UNDOING] = { "interrupted while the kernel works on it",
					 "it will be undone as soon as the kernel returns" },
	};
	const struct app *app = data;
	_cleanup_free_ char *text =
		describe_note(app, notes[note].text, note == GUARD_LATE ? guard_awaited() : "");

	say(app, STATUS_DONE, text ? text : notes[note].text, notes[note].hint);
}
