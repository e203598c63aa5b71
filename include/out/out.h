/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUT_H
#define OUT_H

#include "base/err.h"
#include "base/mac.h"
#include "base/num.h"

#include <stdio.h>

/* What the user asked of the form of output. */
struct out_options {
	bool json, pretty, oneline, numeric, details, timestamp, color, human;
	unsigned int columns; /* of the terminal that text is laid out for, or 0 */
};

/* What stands under the document's key. */
enum out_shape {
	OUT_NAMED, /* rows by their names */
	OUT_LIST,  /* rows without names, which text puts into columns */
	OUT_ONE,   /* a single row; its name is there for text */
};

/* Bytes that are written at a time. */
#define OUT_SIZE 16384

/*
 * Writes one document: rows of fields under a key, as text or JSON. Neither form can hold what
 * the other does not: both are walks over the same fields.
 */
struct out {
	struct out_options options;
	FILE *stream;
	const struct out_field *field; /* being written */
	size_t rows;		       /* of the document, written so far */
	size_t fields;		       /* of the row, written so far */
	unsigned int depth;	       /* JSON: how many are open around what is written */
	bool empty;		       /* JSON: nothing stands yet in the innermost of them */
	bool second;		       /* text: the row's second line has begun */
	enum out_shape shape;
	bool list;	   /* values stand behind each other, without keys */
	bool table;	   /* text: values stand in columns, without keys */
	bool tail;	   /* text: what stands at the end of the line has a blank behind it */
	bool bare;	   /* text: the row is one value, whose key is its name */
	const char *color; /* text: of the value being written, or NULL */
	bool failed;	   /* not enough memory */
	int write_error;   /* errno of the first write that failed, or 0 */
	FILE *terminal;	   /* text: where held lines go in the end */
	char *lines;	   /* held, @length bytes, or NULL */
	size_t length;
	size_t used;
	char buffer[OUT_SIZE];
};

/* How a member is written: any number of out_...() calls for the key. */
struct out_type {
	void (*write)(struct out *out, const char *key, const void *member);
};

enum out_flags {
	OUT_LINE = 1,	 /* text: on a line of its own, in a table too */
	OUT_DETAILS = 2, /* only where details are asked for */
	OUT_SUMMARY = 4, /* text: only where they are not */
	OUT_SECOND = 8,	 /* text: on the row's second line, with others of this flag */
	OUT_WORD = 16,	 /* text: without its key */
	OUT_NAME = 32,	 /* text: without its key, and a name */
	OUT_TAIL = 64,	 /* text: a blank follows at the end of the line, as in iproute2 */
};

/* What a number counts, which people want to read in other words. */
enum out_unit {
	OUT_COUNT,
	OUT_BYTES,
	OUT_SECTORS, /* of 512 bytes, as everywhere in virtio */
	OUT_SECONDS,
};

struct out_field {
	const char *key;	     /* lower_snake_case */
	const struct out_type *type; /* NULL ends a list of fields */
	uint16_t offset;
	uint8_t present; /* bit in the row's presence word */
	uint8_t flags;
	uint8_t width; /* text: of its column in a table, 0 of the last one */
	uint8_t unit;  /* an enum out_unit, of a number */
};

extern const struct out_type out_type_string, out_type_u8, out_type_u16, out_type_u32, out_type_u64,
	out_type_flag, out_type_mac;

/* clang-format off */

/* A row for the member @member of struct @T, whose C type picks how it is written. */
#define OUT_FIELD(T, member, key_, present_, ...)			\
	{								\
		.key = (key_), .present = (present_),			\
		.offset = offsetof(T, member),				\
		.type = _Generic(((T *)0)->member,			\
				 const char *: &out_type_string,	\
				 uint8_t: &out_type_u8,			\
				 uint16_t: &out_type_u16,		\
				 uint32_t: &out_type_u32,		\
				 uint64_t: &out_type_u64,		\
				 bool: &out_type_flag,			\
				 struct mac: &out_type_mac),		\
		__VA_ARGS__						\
	}

/* The same with a type that the view brings itself, checked against the member's C type. */
#define OUT_FIELD_OF(T, member, C, type_, key_, present_, ...)		\
	{								\
		.key = (key_), .present = (present_),			\
		.offset = offsetof(T, member),				\
		.type = _Generic(((T *)0)->member, C: (type_)),		\
		__VA_ARGS__						\
	}

/* clang-format on */

/*
 * Begins the document {@key: {...}} on @stream, or {@key: [...]} if it is a list; without a key, of
 * OUT_ONE, the row itself is the document. Call when nothing can fail any more.
 */
void out_open(struct out *out, const struct out_options *options, FILE *stream, const char *key,
	      enum out_shape shape);

/*
 * Writes one row.
 * @name: of the row; its control bytes are escaped. NULL in a list.
 * @row: the struct that @fields describe. @present: the bits of the fields that it has.
 */
void out_row(struct out *out, const char *name, const struct out_field *fields, const void *row,
	     uint32_t present);

/*
 * Writes one row that is a single value, of any type, and not a group of fields.
 * @name: of the row, as for out_row(). @member: what @type writes.
 */
void out_row_value(struct out *out, const char *name, const struct out_type *type,
		   const void *member);

/*
 * Ends the document. Returns 0, or a negative errno with @err filled: no memory, or the stream
 * could not be written; it is cleared of that then.
 */
int out_close(struct out *out, struct err *err);

/* For out_type's functions: a value under @key; in a list or a table the key is not needed. */
void out_string(struct out *out, const char *key, const char *string);
void out_number(struct out *out, const char *key, uint64_t number);
void out_amount(struct out *out, const char *key, uint64_t number, enum out_unit unit);
void out_bool(struct out *out, const char *key, bool value);

/* What the colour of a value says, to those who want colours. */
enum out_color {
	OUT_GOOD,
	OUT_DOUBTFUL,
	OUT_BAD,
};

void out_string_in(struct out *out, const char *key, const char *string, enum out_color color);

/* Several values under @key. */
void out_list_begin(struct out *out, const char *key);
void out_list_end(struct out *out);

/* A group of values under @key: in text they stand in the row as if there were no group. */
void out_group_begin(struct out *out, const char *key);
void out_group_end(struct out *out);

/*
 * Several rows under @key: in text a line each, in columns with the keys of @head as a first line,
 * or without @head each value behind its key.
 */
void out_table_begin(struct out *out, const char *key, const struct out_field *head);
void out_table_row(struct out *out, const struct out_field *fields, const void *row,
		   uint32_t present);
void out_table_end(struct out *out);

#endif
