/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOL_H
#define TOOL_H

#include "base/caller.h"
#include "cli/cli.h"
#include "out/out.h"

/* A command's place in a batch. */
struct batch_place {
	size_t line;   /* of the file, from 1 */
	size_t number; /* among the commands, from 1 */
};

/* What a tool's handlers get first: the user's options, and the way to be heard. */
struct app {
	struct caller caller;	    /* for operations; its functions print as those below do */
	const struct cli_cmd *root; /* the tool's row, with its name */
	struct out_options out;
	enum status status;	  /* of the first failure that was reported */
	struct cli_words running; /* the command that runs */

	const char *file;	   /* of the batch that runs, or NULL */
	bool go_on;		   /* in the batch, after a failure */
	struct batch_place place;  /* in it, of the command that messages are about */
	struct batch_place failed; /* where the first failure was */
	size_t failures;	   /* commands of the batch that failed */
	size_t last_failed;	   /* number of the last of them */
	const char *clear;	   /* takes the progress from the terminal, before a message */
	/* Hides secrets in a text that is about to be printed on stderr; NULL: there are none. */
	void (*mask)(char *text);
};

/* The version of all tools: of the release, or of the commit that they were built from. */
extern const char tool_version[];

/*
 * The main function of every tool: options, dispatch, and the only place that prints errors.
 * @app: the tool's own struct, which begins with a struct app whose root is set.
 * Returns the exit status.
 */
int tool_main(struct app *app, int argc, char **argv);

/*
 * Reports a failure at once, for a handler that goes on with its other targets. The status of
 * the first one reported becomes the tool's.
 */
void tool_report(struct app *app, const struct err *err);

/* Says something on stderr that is no failure. */
void tool_warn(struct app *app, const char *format, ...) _printf_(2, 3);

/* The same for an error that does not count as one here, with its hint. */
void tool_warn_of(struct app *app, const struct err *err);

/* Begins the command's document on stdout. Call after the last answer is in. */
void tool_out(struct app *app, struct out *out, const char *key, enum out_shape shape);

#endif
