/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOL_INTERNAL_H
#define TOOL_INTERNAL_H

#include "sys/guard.h"
#include "tool/tool.h"

/* What the files of the tools' main function share. */

struct option_row;

/* What the options say, before a command is known. */
struct options {
	bool version, help, json, pretty, details, oneline, numeric, timestamp, force, human;
	const char *color; /* NULL, or auto, always, never */
	const char *batch; /* a file's name, or NULL */
	bool ended;	   /* "--" was there: what follows is none */

	const struct option_row *unfinished; /* the last word, of which the value is missing */
};

/*
 * Sorts the words of a command line, behind the tool's name, into @options, which keep what they
 * have besides, and what is left, which is moved to the front of @argv: *@count of them.
 * Returns 0 or the errno of a usage error: the first one, and the options behind it are taken.
 */
int options_parse(int argc, char **argv, struct options *options, size_t *count, struct err *err);

/* Makes them the tool's. */
void options_apply(struct app *app, const struct options *options);

/* Their part of the tool's help. @columns: see cli_help(). */
void options_print(unsigned int columns, FILE *out);

/* Prints, as cli_complete() does, options that begin as @typed; and what belongs behind one. */
void options_complete(const char *typed, FILE *out);
void options_complete_value(const struct option_row *row, FILE *out);

/*
 * The first word of a shell's question, with the words on its line behind it. The answer is words,
 * one a line; or lines as those of cli_complete(), with descriptions.
 */
#define COMPLETE	   "--complete"
#define COMPLETE_DESCRIBED "--complete=described"

/*
 * Answers it. @words: the question, and the words on the line without the tool's name; the last is
 * the beginning of the one that is wanted.
 */
void tool_complete(struct app *app, char **words, int count);

/* What an operation says through its caller, which is a struct app. */
void tool_report_caller(struct caller *caller, const struct err *err);
void tool_warn_caller(struct caller *caller, const char *text);

/*
 * Says what the kernel does not come back from, and what it may still do when we leave: for
 * guard_run(). @data: a struct app.
 */
void tool_say_note(void *data, enum guard_note note);

/* Runs one command line, of which the options are taken; what fails is reported. */
void tool_run(struct app *app, const struct options *options, char **words, size_t count);

/* Runs the command lines of a file, one after the other; what fails is reported. */
void tool_batch(struct app *app, const struct options *options);

#endif
