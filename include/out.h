/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUT_H
#define OUT_H

#include "err.h"
#include "num.h"

#include <stdio.h>

/* What the user asked of the form of output. */
struct out_options {
	bool json, pretty, oneline, numeric, details, color;
};

struct json_object;

/*
 * Writes one document: rows of fields under a key, as text or JSON. Neither form can hold what
 * the other does not: both are walks over the same fields.
 */
struct out {
	struct out_options options;
	FILE *stream;
	size_t rows, fields;	  /* written so far: of the document, of the row */
	bool own_line;		  /* text: the field being written has OUT_LINE */
	struct json_object *row;  /* JSON: the row being filled */
	struct json_object *list; /* JSON: the array being filled, or NULL */
	bool failed;		  /* not enough memory */
};

/* How a member is written: any number of out_...() calls for the key. */
struct out_type {
	void (*write)(struct out *out, const char *key, const void *member);
};

enum out_flags {
	OUT_LINE = 1,	 /* text: on a line of its own */
	OUT_DETAILS = 2, /* only where details are asked for */
};

struct out_field {
	const char *key;	     /* lower_snake_case */
	const struct out_type *type; /* NULL ends a list of fields */
	uint16_t offset;
	uint8_t present; /* bit in the row's presence word */
	uint8_t flags;
};

extern const struct out_type out_type_string, out_type_u16, out_type_u32;

/* A row for the member @member of struct @T, whose C type picks how it is written. */
#define OUT_FIELD(T, member, key_, present_, flags_)                                               \
	{                                                                                          \
		.key = (key_), .present = (present_),               \
		.flags = (flags_), .offset = offsetof(T, member),   \
		.type = _Generic(((T *)0)->member,                  \
				 const char *: &out_type_string,    \
				 uint16_t: &out_type_u16,           \
				 uint32_t: &out_type_u32)                              \
	}

/* The same with a type that the view brings itself, checked against the member's C type. */
#define OUT_FIELD_OF(T, member, C, type_, key_, present_, flags_)                                  \
	{                                                                                          \
		.key = (key_), .present = (present_), .flags = (flags_),                           \
		.offset = offsetof(T, member),                                                     \
		.type = _Generic(((T *)0)->member, C                                               \
				 : (type_))                                                        \
	}

/* Begins the document {@key: {...}} on @stream. Call when nothing can fail any more. */
void out_open(struct out *out, const struct out_options *options, FILE *stream, const char *key);

/*
 * Writes one row.
 * @name: of the row; its control bytes are escaped.
 * @row: the struct that @fields describe. @present: the bits of the fields that it has.
 */
void out_row(struct out *out, const char *name, const struct out_field *fields, const void *row,
	     uint32_t present);

/* Ends the document. Returns 0 or -ENOMEM with @err filled; write errors are left to the stream. */
int out_close(struct out *out, struct err *err);

/* For out_type's functions: a value under @key, or the next one of a list. */
void out_string(struct out *out, const char *key, const char *string);
void out_number(struct out *out, const char *key, uint64_t number);
void out_list_begin(struct out *out, const char *key);
void out_list_string(struct out *out, const char *string);
void out_list_number(struct out *out, uint64_t number);
void out_list_end(struct out *out);

#endif
