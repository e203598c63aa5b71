/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOL_H
#define TOOL_H

#include "base/caller.h"
#include "base/list.h"
#include "cli/cli.h"
#include "out/out.h"

/* The place of a command in a batch. */
struct batch_place {
	size_t line;   /* line of the file, from 1 */
	size_t number; /* number of the command, from 1 */
};

/* The first argument of a tool's handlers: the user's options, and how messages reach the user. */
struct app {
	struct caller caller;	    /* for operations; its functions print like those below */
	const struct cli_cmd *root; /* the row of the tool, with its name */
	struct out_options out;
	enum status status;	  /* status of the first reported failure */
	struct cli_words running; /* the current command */

	const char *file;	   /* file of the current batch, or NULL */
	bool go_on;		   /* continue the batch after a failure */
	struct batch_place place;  /* place of the command that messages are about */
	struct batch_place failed; /* place of the first failure */
	size_t failures;	   /* number of failed commands of the batch */
	size_t last_failed;	   /* number of the last failed command */
	const char *clear;	   /* clears the progress line on the terminal, before a message */
	/* Hides secrets in a text before it is printed on stderr; NULL: there are none. */
	void (*mask)(char *text);
};

/* The version of all tools: the release, or the commit that they were built from. */
extern const char tool_version[];

/*
 * The main function of every tool: it parses options, runs commands, and is the only place that
 * prints errors.
 * @app: the tool's own struct, which begins with a struct app whose root is set.
 * Returns the exit status.
 */
int tool_main(struct app *app, int argc, char **argv);

/*
 * Reports a failure at once, for a handler that continues with its other targets. The first
 * reported failure determines the status of the tool.
 */
void tool_report(struct app *app, const struct err *err);

/* Prints a warning on stderr. */
void tool_warn(struct app *app, const char *format, ...) _printf_(2, 3);

/* The same for an error that does not count as a failure, with its hint. */
void tool_warn_of(struct app *app, const struct err *err);

/* Begins the document of the command on stdout. Call it only after the last answer has arrived. */
void tool_out(struct app *app, struct out *out, const char *key, enum out_shape shape);

/* How an item of a list becomes a row: its fields, and the offsets of its name and presence mask.
 */
struct tool_rows {
	const struct out_field *fields;
	size_t name, present;
};

#define TOOL_ROWS(T, fields_)                                                                      \
	(&(const struct tool_rows){                                                                \
		.fields = (fields_), .name = offsetof(T, name), .present = offsetof(T, present) })

/*
 * Prints the whole document of a command that shows the items of @list, each under its name.
 * Returns 0, or a negative errno with @err filled.
 */
int tool_out_list(struct app *app, const char *key, const struct list *list,
		  const struct tool_rows *rows, struct err *err);

#endif
