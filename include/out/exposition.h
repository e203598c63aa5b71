/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPOSITION_H
#define EXPOSITION_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Prometheus' text format, version 0.0.4: families of samples, each with its description and type
 * before it. A reader rejects the whole text if a family is in two pieces or if two samples have
 * the same labels.
 */
struct exposition {
	FILE *stream;	  /* ferror() reports a failed write */
	const char *name; /* of the current family */
	size_t used;
	char buffer[16384]; /* as many calls of stdio would take longer than the kernel */
};

struct exposition_label {
	const char *name;
	const char *value; /* any bytes */
};

void exposition_begin(struct exposition *out, FILE *stream);

/*
 * Begins a family. @name: must stay valid until the next family. @type: "counter" or "gauge".
 * @help: one line.
 */
void exposition_family(struct exposition *out, const char *name, const char *type,
		       const char *help);

/* Writes a sample of the current family. @labels: ends with one that has no name. */
void exposition_sample(struct exposition *out, const struct exposition_label *labels,
		       uint64_t value);

#define EXPOSITION_NUMBER_SIZE 24

/*
 * Writes a number for a label in decimal; printf() would take as long as all else about a sample.
 * Returns where in @text it begins.
 */
const char *exposition_number(uint64_t number, char text[static EXPOSITION_NUMBER_SIZE]);

/* Writes what is still in the buffer. Call it at the end. */
void exposition_end(struct exposition *out);

#endif
