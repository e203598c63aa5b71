/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOL_INTERNAL_H
#define TOOL_INTERNAL_H

#include "sys/guard.h"
#include "tool/tool.h"

/* Functions that the files of lib/tool share. */

struct option_row;

/* The options of a command line. */
struct options {
	bool version, help, json, pretty, details, oneline, numeric, timestamp, force, human;
	const char *color; /* NULL, or auto, always, never */
	const char *batch; /* name of the file, or NULL */
	bool ended;	   /* "--" was given: no option follows */

	const struct option_row *unfinished; /* the option at the end whose value is missing */
};

/*
 * Sorts the words after the tool's name into @options, whose other members stay as they are, and
 * into the remaining words, *@count of them, which are moved to the front of @argv.
 * Returns 0 or the negative errno of the first usage error. The options after it are parsed as
 * well.
 */
int options_parse(int argc, char **argv, struct options *options, size_t *count, struct err *err);

/* Copies the options into @app. */
void options_apply(struct app *app, const struct options *options);

/* Prints the options for the tool's help. @columns: see cli_help(). */
void options_print(unsigned int columns, FILE *out);

/* Prints their names alone, on a few lines. */
void options_print_short(unsigned int columns, FILE *out);

/*
 * Print options that begin with @typed, and the value of an option, in the form of cli_complete().
 */
void options_complete(const char *typed, FILE *out);
void options_complete_value(const struct option_row *row, FILE *out);

/*
 * The first word of a question from a shell; the words of its line follow. The answer is words, one
 * on each line, or the lines of cli_complete() with descriptions.
 */
#define COMPLETE	   "--complete"
#define COMPLETE_DESCRIBED "--complete=described"

/*
 * Answers such a question. @words: the question, and the words of the line without the tool's name.
 * The last one is the beginning of the word to complete.
 */
void tool_complete(struct app *app, char **words, int count);

/* The functions of the caller in a struct app. */
void tool_report_caller(struct caller *caller, const struct err *err);
void tool_warn_caller(struct caller *caller, const char *text);

/*
 * Reports a call that takes long, and what the kernel may still do when we leave, for guard_run().
 * @data: a struct app.
 */
void tool_say_note(void *data, enum guard_note note);

/* Runs one command line whose options have been parsed, and reports its failure. */
void tool_run(struct app *app, const struct options *options, char **words, size_t count);

/* Runs the command lines of a file, one after the other, and reports their failures. */
void tool_batch(struct app *app, const struct options *options);

#endif
