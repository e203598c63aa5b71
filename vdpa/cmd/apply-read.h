/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_APPLY_READ_H
#define VDPA_APPLY_READ_H

#include "base/list.h"
#include "cli/cli.h"
#include "vdpa/model/plan.h"

/* The wanted state of all files together. */
struct desired {
	const struct cli_cmd *root; /* the command table, with which lines are parsed */
	struct list wanted;	    /* of struct wanted, each name once */
	struct list texts;	    /* the strings of these */
};

/*
 * Reads files, the files of directories that end in ".conf", and standard input for "-". A file
 * holds lines in the language of batches, or a JSON document.
 * Returns 0, or a negative errno with the place in @err.
 */
int desired_read(struct desired *desired, const struct cli_words *files, struct err *err);

void desired_release(struct desired *desired);

/* One command of a file. What it points at must live as long as struct desired, but for @words. */
struct desired_command {
	char **words; /* as for cli_parse() */
	size_t count;
	const char *place; /* a file, or a place in it, for messages */
	size_t line;	   /* of the file, from 1; 0 if @place says it all */
};

/* Adds the devices of a command, "dev add ..." or "dev del ...", for both forms of files. */
int desired_take(struct desired *desired, const struct desired_command *command, struct err *err);

/* Reads the JSON form from @text of @size bytes. @file: its name, for messages. */
int desired_take_json(struct desired *desired, const char *text, size_t size, const char *file,
		      struct err *err);

/*
 * Checks that no object of a document, which json-c must have accepted, has duplicate keys or keys
 * with a NUL byte. Returns 0 or a usage error.
 */
int desired_check_keys(const char *text, size_t size, const char *file, struct err *err);

/* Returns whether a file names a management device. */
bool desired_names_mgmtdev(const struct desired *desired);

#endif
