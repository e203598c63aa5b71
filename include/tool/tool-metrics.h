/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOL_METRICS_H
#define TOOL_METRICS_H

#include "out/exposition.h"
#include "tool/tool.h"

struct metric_family;

/* The context in which a family prints its samples. */
struct metric_print {
	struct exposition *out;
	const void *data; /* the tool's data; NULL: the kernel could not be asked */
	const struct metric_family *family; /* the current family */
	const struct metric_family *families;
};

/* A family of samples. */
struct metric_family {
	const char *name;
	const char *type; /* "gauge" or "counter" */
	const char *help;
	void (*print)(const struct metric_print *print); /* prints all samples */
	const char *counter; /* which counter this is, for families that share a function */
	bool always;	     /* print it even if the kernel could not be asked */
	/*
	 * Returns whether @data has samples of the family; NULL: always. A family without samples
	 * is not printed.
	 */
	bool (*is_there)(const void *data);
};

/* The arguments of a tool's command "metrics". */
struct metrics_args {
	const char *output;
};

extern const struct cli_arg metrics_arguments[];

#define METRIC_LABELS(...) ((const struct exposition_label[]){ __VA_ARGS__, { NULL, NULL } })

void metric_sample(const struct metric_print *print, const struct exposition_label *labels,
		   uint64_t value);

/* Writes the only sample of a family, which has no labels. */
void metric_alone(const struct metric_print *print, uint64_t value);

/* Refuses -j if nothing would be JSON. @instead: the command that prints JSON. */
int metrics_check(const struct app *app, const struct metrics_args *args, const char *instead,
		  struct err *err);

/*
 * Reports why the kernel could not be asked. A kernel that lacks the interface is a valid result
 * that a monitoring system must see, so this is a warning; other failures also set the status.
 */
void metrics_report_down(struct app *app, const struct err *err);

/*
 * Prints all families to the file that the user named, or to standard output. The families end with
 * one that has no name. @data: NULL if the kernel could not be asked.
 * Returns 0, or a negative errno with @err filled; the old file then still exists.
 */
int metrics_print(const struct metrics_args *args, const struct metric_family *families,
		  const void *data, struct err *err);

#endif
