/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUT_H
#define OUT_H

#include "base/err.h"
#include "base/mac.h"
#include "base/num.h"

#include <stdio.h>

/* The user's choices about the form of the output. */
struct out_options {
	bool json, pretty, oneline, numeric, details, timestamp, color, human;
	unsigned int columns; /* width of the terminal to lay text out for, or 0 */
};

/* The value of the document's key. */
enum out_shape {
	OUT_NAMED, /* rows with names */
	OUT_LIST,  /* rows without names, printed as columns in text */
	OUT_ONE,   /* a single row, whose name only text shows */
};

/* Size of the output buffer. */
#define OUT_SIZE 16384

/*
 * Writes one document: rows of fields under a key, as text or JSON. Neither form can hold anything
 * that the other lacks, because both walk the same fields.
 */
struct out {
	struct out_options options;
	FILE *stream;
	const struct out_field *field; /* the current one */
	size_t rows;		       /* rows of the document written so far */
	size_t fields;		       /* fields of the row written so far */
	unsigned int depth;	       /* JSON: number of open objects and lists */
	bool empty;		       /* JSON: the innermost of them is still empty */
	bool second;		       /* text: the second line of the row has begun */
	enum out_shape shape;
	bool list;	   /* values follow each other, without keys */
	bool table;	   /* text: values are in columns, without keys */
	bool tail;	   /* text: the value gets a blank after it at the end of the line */
	bool bare;	   /* text: the row is a single value, and its key is the row's name */
	const char *color; /* text: color of the current value, or NULL */
	bool failed;	   /* there was not enough memory */
	int write_error;   /* errno of the first write that failed, or 0 */
	FILE *terminal;	   /* text: where the lines in memory go at the end */
	char *lines;	   /* lines in memory, of @length bytes, or NULL */
	size_t length;
	size_t used;
	char buffer[OUT_SIZE];
};

/* Writes a member with any number of out_...() calls for its key. */
struct out_type {
	void (*write)(struct out *out, const char *key, const void *member);
};

enum out_flags {
	OUT_LINE = 1,	 /* text: on a separate line, in a table as well */
	OUT_DETAILS = 2, /* only with -d */
	OUT_SUMMARY = 4, /* text: only without -d */
	OUT_SECOND = 8,	 /* text: on the second line of the row, with other such fields */
	OUT_WORD = 16,	 /* text: without its key */
	OUT_NAME = 32,	 /* text: without its key, as a name */
	OUT_TAIL = 64,	 /* text: a blank follows at the end of the line, as in iproute2 */
};

/* The unit of a number, for output that people read. */
enum out_unit {
	OUT_COUNT,
	OUT_BYTES,
	OUT_SECTORS, /* of 512 bytes, in all of virtio */
	OUT_SECONDS,
};

struct out_field {
	const char *key;	     /* lower_snake_case */
	const struct out_type *type; /* NULL ends a list of fields */
	uint16_t offset;
	uint8_t present; /* bit in the presence mask of the row */
	uint8_t flags;
	uint8_t width; /* text: width of its column in a table; 0 for the last column */
	uint8_t unit;  /* enum out_unit, of a number */
};

extern const struct out_type out_type_string, out_type_u8, out_type_u16, out_type_u32, out_type_u64,
	out_type_flag, out_type_mac;

/* clang-format off */

/* A field for the member @member of struct @T. Its C type chooses how it is written. */
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

/* The same with a type that the view defines itself, which must fit the member's C type @C. */
#define OUT_FIELD_OF(T, member, C, type_, key_, present_, ...)		\
	{								\
		.key = (key_), .present = (present_),			\
		.offset = offsetof(T, member),				\
		.type = _Generic(((T *)0)->member, C: (type_)),		\
		__VA_ARGS__						\
	}

/* clang-format on */

/*
 * Begins the document {@key: {...}} on @stream, or {@key: [...]} for a list. With OUT_ONE and no
 * key, the row itself is the document. Call it only when nothing can fail any more.
 */
void out_open(struct out *out, const struct out_options *options, FILE *stream, const char *key,
	      enum out_shape shape);

/*
 * Writes one row.
 * @name: of the row; its control bytes are escaped. NULL in a list.
 * @row: the struct that @fields describe. @present: bits of the fields that it has.
 */
void out_row(struct out *out, const char *name, const struct out_field *fields, const void *row,
	     uint32_t present);

/*
 * Writes a row that is a single value of any type instead of a group of fields.
 * @name: of the row, as in out_row(). @member: the value, which @type writes.
 */
void out_row_value(struct out *out, const char *name, const struct out_type *type,
		   const void *member);

/*
 * Ends the document. Returns 0, or a negative errno with @err filled: there was no memory, or the
 * stream could not be written. The error of the stream is then cleared.
 */
int out_close(struct out *out, struct err *err);

/* Write a value under @key, for the functions of an out_type. A list or a table needs no key. */
void out_string(struct out *out, const char *key, const char *string);
void out_number(struct out *out, const char *key, uint64_t number);
void out_amount(struct out *out, const char *key, uint64_t number, enum out_unit unit);
void out_bool(struct out *out, const char *key, bool value);

/* The meaning of a color. */
enum out_color {
	OUT_GOOD,
	OUT_DOUBTFUL,
	OUT_BAD,
};

void out_string_in(struct out *out, const char *key, const char *string, enum out_color color);

/* A list of values under @key. */
void out_list_begin(struct out *out, const char *key);
void out_list_end(struct out *out);

/* A group of values under @key. Text shows them like other values of the row. */
void out_group_begin(struct out *out, const char *key);
void out_group_end(struct out *out);

/*
 * Rows under @key. In text each has a line of its own: in columns with the keys of @head as the
 * first line, or without @head, each value after its key.
 */
void out_table_begin(struct out *out, const char *key, const struct out_field *head);
void out_table_row(struct out *out, const struct out_field *fields, const void *row,
		   uint32_t present);
void out_table_end(struct out *out);

#endif
