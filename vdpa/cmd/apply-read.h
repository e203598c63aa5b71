/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_APPLY_READ_H
#define VDPA_APPLY_READ_H

#include "base/list.h"
#include "cli/cli.h"
#include "vdpa/model/plan.h"

/* What files say. */
struct desired {
	const struct cli_cmd *root; /* the command table, by which their lines are read */
	struct list wanted;	    /* of struct wanted, each name once */
	struct list texts;	    /* the strings of these */
};

/*
 * Reads files, those of directories that end in ".conf", and standard input for "-". A file is
 * lines of a batch, or a JSON document of the same.
 * Returns 0, or a negative errno with the place in @err; nothing was done then.
 */
int desired_read(struct desired *desired, const struct cli_words *files, struct err *err);

void desired_release(struct desired *desired);

/*
 * Takes one command, "dev add ..." or "dev del ...", for both forms.
 * @words: as for cli_parse(); they must live as long as the desired. @place: for messages.
 */
int desired_take(struct desired *desired, char **words, size_t count, const char *place,
		 struct err *err);

/* Reads the JSON form from @text of @size bytes. @file: its name, for messages. */
int desired_take_json(struct desired *desired, const char *text, size_t size, const char *file,
		      struct err *err);

/*
 * Checks that no object of a document that json-c has taken has the same key twice, and that none
 * of its keys holds a NUL byte. Returns 0 or a usage error.
 */
int desired_check_keys(const char *text, size_t size, const char *file, struct err *err);

/* Whether a file names a management device. */
bool desired_names_mgmtdev(const struct desired *desired);

#endif
