/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPOSITION_H
#define EXPOSITION_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Prometheus' text format, version 0.0.4: families of samples, each with its meaning and its type
 * before it. A reader refuses a family in two pieces, and two samples with the same labels.
 */
struct exposition {
	FILE *stream;	  /* ferror() tells whether all could be written */
	const char *name; /* of the family that is being written */
	size_t used;
	char buffer[16384]; /* hundreds of thousands of calls of stdio take longer than the kernel
			     */
};

struct exposition_label {
	const char *name;
	const char *value; /* any bytes */
};

void exposition_begin(struct exposition *out, FILE *stream);

/* @name: must last until the next one. @type: "counter" or "gauge". @help: in one line. */
void exposition_family(struct exposition *out, const char *name, const char *type,
		       const char *help);

/* @labels: up to one without a name. */
void exposition_sample(struct exposition *out, const struct exposition_label *labels,
		       uint64_t value);

/* To be called at the end. */
void exposition_end(struct exposition *out);

#endif
