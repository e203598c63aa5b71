/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOL_INTERNAL_H
#define TOOL_INTERNAL_H

#include "tool.h"

/* What the files of the tools' main function share. */

/* What the options say, before a command is known. */
struct options {
	bool version, help, json, pretty, details, oneline, numeric, timestamp, force, human;
	const char *color; /* NULL, or auto, always, never */
	const char *batch; /* a file's name, or NULL */
};

/*
 * Sorts the words of a command line, behind the tool's name, into @options, which keep what they
 * have besides, and what is left, which is moved to the front of @argv: *@count of them.
 * Returns 0 or the errno of a usage error.
 */
int options_parse(int argc, char **argv, struct options *options, size_t *count, struct err *err);

/* Makes them the tool's. */
void options_apply(struct app *app, const struct options *options);

/* Their part of the tool's help, and what completion offers. */
void options_print(FILE *out);
void options_complete(const char *typed, FILE *out);

/* Runs one command line, of which the options are taken; what fails is reported. */
void tool_run(struct app *app, const struct options *options, char **words, size_t count);

/* Runs the command lines of a file, one after the other; what fails is reported. */
void tool_batch(struct app *app, const struct options *options);

#endif
