/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOL_METRICS_H
#define TOOL_METRICS_H

#include "out/exposition.h"
#include "tool/tool.h"

struct metric_family;

/* What a family's samples are printed from, and where they go. */
struct metric_print {
	struct exposition *out;
	const void *data;		    /* the tool's; NULL: the kernel could not be asked */
	const struct metric_family *family; /* to be printed */
	const struct metric_family *families;
};

/* One kind of samples. */
struct metric_family {
	const char *name;
	const char *type; /* "gauge" or "counter" */
	const char *help;
	void (*print)(const struct metric_print *print); /* all samples */
	const char *counter; /* for families that share a function: which counter is theirs */
	bool always;	     /* also where the kernel could not be asked */
	/* Whether @data has samples of it; NULL: always. A family without any is not mentioned. */
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

/* A sample of a family that has only one, and no labels. */
void metric_alone(const struct metric_print *print, uint64_t value);

/* Refuses -j where nothing would be JSON. @instead: the command that prints it. */
int metrics_check(const struct app *app, const struct metrics_args *args, const char *instead,
		  struct err *err);

/*
 * Says why the kernel could not be asked. A kernel that lacks the interface is a result, which
 * whoever watches must see; other failures also become the status.
 */
void metrics_report_down(struct app *app, const struct err *err);

/*
 * Prints all families, up to one without a name, to the file that is asked for, or to standard
 * output. @data: NULL where the kernel could not be asked.
 * Returns 0, or a negative errno with @err filled; then the old file is still there.
 */
int metrics_print(const struct metrics_args *args, const struct metric_family *families,
		  const void *data, struct err *err);

#endif
