/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "out.h"

#include "escape.h"

#include <errno.h>
#include <json-c/json.h>

#define COLOR_NAME  "\033[1;36m"
#define COLOR_RESET "\033[0m"

static const char *const value_colors[] = {
	[OUT_GOOD] = "\033[32m",
	[OUT_DOUBTFUL] = "\033[33m",
	[OUT_BAD] = "\033[1;31m",
};

/*
 * Bytes go straight into the buffer: a tree of json-c's objects for each row, or a call of stdio
 * for each word, takes longer than the kernel needs to answer. What is hard about JSON, strings
 * that cannot stand as they are, is json-c's work.
 */
static void flush(struct out *out)
{
	size_t written = fwrite_unlocked(out->buffer, 1, out->used, out->stream);

	if (written != out->used && !out->write_error)
		out->write_error = errno;
	out->flushed += out->used;
	out->used = 0;
}

static inline void put_byte(struct out *out, char byte)
{
	out->buffer[out->used++] = byte;
	if (out->used == sizeof(out->buffer))
		flush(out);
}

/* Words are short: finding their length and copying them by calls would take longer. */
static void put(struct out *out, const char *string)
{
	while (*string)
		put_byte(out, *string++);
}

static void put_blanks(struct out *out, size_t count)
{
	while (count--)
		put_byte(out, ' ');
}

/* What stands for @string in JSON, quotes included, by json-c. */
static void put_json_escaped(struct out *out, const char *string)
{
	_cleanup_free_ char *safe = escape(string, ESCAPE_FOR_JSON);
	struct json_object *object = safe ? json_object_new_string(safe) : NULL;
	const char *text = NULL;

	if (object)
		text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		put(out, text);
	else
		out->failed = true;
	json_object_put(object);
}

/* Returns the number of bytes that were put. */
static size_t put_terminal_escaped(struct out *out, const char *string)
{
	_cleanup_free_ char *safe = escape(string, ESCAPE_FOR_TERMINAL);

	if (!safe) {
		out->failed = true;
		return 0;
	}
	put(out, safe);
	return strlen(safe);
}

/* What may stand as it is, for whomever. */
static inline bool is_plain(char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* Whether all of it may stand as it is; the one loop that every string goes through. */
static bool is_all_plain(const char *string)
{
	while (is_plain(*string))
		string++;
	return !*string;
}

/* Text */

/* Returns the number of bytes that were put, those of a colour left out. */
static size_t text_put(struct out *out, const char *string)
{
	size_t length;

	if (out->color)
		put(out, out->color);
	length = out->flushed + out->used;
	if (is_all_plain(string)) {
		put(out, string);
		length = out->flushed + out->used - length;
	} else {
		length = put_terminal_escaped(out, string);
	}
	if (out->color)
		put(out, COLOR_RESET);
	return length;
}

static void text_name(struct out *out, const char *name)
{
	if (out->options.color)
		put(out, COLOR_NAME);
	text_put(out, name);
	if (out->options.color)
		put(out, COLOR_RESET);
}

/* A line of its own for what follows; iproute2 keeps a record on one line by "\". */
static void text_line(struct out *out)
{
	put(out, out->options.oneline ? "\\  " : "\n  ");
}

static void text_key(struct out *out, const char *key)
{
	bool second = out->field->flags & OUT_SECOND;

	if (out->bare)
		return;
	if (out->field->flags & OUT_LINE || (second && !out->second))
		text_line(out);
	else if (out->fields)
		put(out, " ");
	out->second |= second;
	put(out, key);
}

static void text_cell(struct out *out, const char *string, unsigned int width)
{
	size_t length = text_put(out, string);

	/* The last column has no width, and nothing behind it. */
	if (width)
		put_blanks(out, length < width ? width - length : 1);
}

/* A value without its key: words of a sentence, of which one may be a name. */
static void text_word(struct out *out, const char *string)
{
	if (out->fields)
		put(out, " ");
	if (out->field->flags & OUT_NAME)
		text_name(out, string);
	else
		text_put(out, string);
}

static void text_value(struct out *out, const char *key, const char *string)
{
	if (out->table && !(out->field->flags & OUT_LINE)) {
		text_cell(out, string, out->field->width);
		return;
	}
	if (out->field->flags & (OUT_WORD | OUT_NAME)) {
		text_word(out, string);
	} else {
		if (!out->list)
			text_key(out, key);
		if (!out->bare || out->fields)
			put(out, " ");
		text_put(out, string);
	}
	out->fields++;
}

static void text_head(struct out *out, const struct out_field *fields)
{
	for (const struct out_field *field = fields; field->type; field++)
		if (!(field->flags & OUT_LINE))
			text_cell(out, field->key, field->width);
}

/* JSON */

static void json_string(struct out *out, const char *string)
{
	if (!is_all_plain(string)) {
		put_json_escaped(out, string);
		return;
	}
	put_byte(out, '"');
	put(out, string);
	put_byte(out, '"');
}

static void json_line(struct out *out)
{
	put(out, "\n");
	put_blanks(out, 4 * (size_t)out->depth);
}

/* Goes to the place of the next value in what is open, and writes the value's key there. */
static void json_next(struct out *out, const char *key)
{
	if (!out->empty)
		put(out, ",");
	out->empty = false;
	if (out->options.pretty && out->list)
		put(out, " ");
	else if (out->options.pretty)
		json_line(out);
	if (!key || out->list)
		return;
	json_string(out, key);
	put(out, out->options.pretty ? ": " : ":");
}

static void json_open(struct out *out, const char *key, const char *bracket)
{
	json_next(out, key);
	put(out, bracket);
	out->depth++;
	out->empty = true;
}

static void json_close(struct out *out, const char *bracket)
{
	out->depth--;
	if (out->options.pretty && out->list)
		put(out, " ");
	else if (out->options.pretty && !out->empty)
		json_line(out);
	put(out, bracket);
	out->empty = false;
}

/* Both */

void out_open(struct out *out, const struct out_options *options, FILE *stream, const char *key,
	      enum out_shape shape)
{
	memset(out, 0, offsetof(struct out, buffer));
	out->options = *options;
	out->stream = stream;
	out->shape = shape;
	out->table = !options->json && shape == OUT_LIST;
	if (options->json) {
		put(out, "{");
		out->depth = 1;
		out->empty = true;
		if (key)
			json_open(out, key, shape == OUT_LIST ? "[" : "{");
	}
}

static bool is_wanted(const struct out *out, const struct out_field *field)
{
	const struct out_options *options = &out->options;

	if (field->flags & OUT_DETAILS)
		return options->details;
	return !(field->flags & OUT_SUMMARY) || options->json || !options->details;
}

static void write_fields(struct out *out, const struct out_field *fields, const void *row,
			 uint32_t present)
{
	for (const struct out_field *field = fields; field->type; field++) {
		out->field = field;
		if (!is_wanted(out, field))
			continue;
		if (present & BIT64(field->present))
			field->type->write(out, field->key, (const char *)row + field->offset);
		else if (out->table && !(field->flags & OUT_LINE))
			text_cell(out, "-", field->width);
	}
}

void out_row(struct out *out, const char *name, const struct out_field *fields, const void *row,
	     uint32_t present)
{
	out->fields = 0;
	out->second = false;
	if (out->options.json && out->shape == OUT_ONE) {
		write_fields(out, fields, row, present);
	} else if (out->options.json) {
		json_open(out, name, "{");
		write_fields(out, fields, row, present);
		json_close(out, "}");
	} else {
		if (out->shape == OUT_LIST && !out->rows) {
			text_head(out, fields);
			put(out, "\n");
		}
		if (name) {
			text_name(out, name);
			put(out, ": ");
		}
		write_fields(out, fields, row, present);
		put(out, "\n");
	}
	out->rows++;
}

void out_row_value(struct out *out, const char *name, const struct out_type *type,
		   const void *member)
{
	static const struct out_field none = { 0 };

	out->field = &none;
	out->fields = 0;
	if (out->options.json) {
		type->write(out, name, member);
	} else {
		text_name(out, name);
		put(out, ": ");
		out->bare = true;
		type->write(out, name, member);
		out->bare = false;
		put(out, "\n");
	}
	out->rows++;
}

int out_close(struct out *out, struct err *err)
{
	if (out->options.json) {
		if (out->depth > 1)
			json_close(out, out->shape == OUT_LIST ? "]" : "}");
		json_close(out, "}");
		put(out, "\n");
	}
	flush(out);
	if (out->failed)
		return err_memory(err);
	if (!out->write_error)
		return 0;
	clearerr(out->stream);
	return err_set_status(err, STATUS_FAILED, out->write_error, "standard output: %s",
			      err_words(out->write_error));
}

void out_string(struct out *out, const char *key, const char *string)
{
	if (!out->options.json) {
		text_value(out, key, string);
		return;
	}
	json_next(out, key);
	json_string(out, string);
}

void out_string_in(struct out *out, const char *key, const char *string, enum out_color color)
{
	out->color = out->options.color ? value_colors[color] : NULL;
	out_string(out, key, string);
	out->color = NULL;
}

void out_number(struct out *out, const char *key, uint64_t number)
{
	char digits[24], *start = digits + sizeof(digits) - 1;

	*start = '\0';
	do
		*--start = '0' + number % 10;
	while (number /= 10);
	if (!out->options.json) {
		text_value(out, key, start);
		return;
	}
	json_next(out, key);
	put(out, start);
}

void out_bool(struct out *out, const char *key, bool value)
{
	if (!out->options.json) {
		text_value(out, key,
			   out->table ? (value ? "yes" : "no")
			   : value    ? "true"
				      : "false");
		return;
	}
	json_next(out, key);
	put(out, value ? "true" : "false");
}

void out_list_begin(struct out *out, const char *key)
{
	if (out->options.json)
		json_open(out, key, "[");
	else
		text_key(out, key);
	out->fields += !out->bare;
	out->list = true;
}

void out_list_end(struct out *out)
{
	if (out->options.json)
		json_close(out, "]");
	out->list = false;
}

void out_group_begin(struct out *out, const char *key)
{
	if (out->options.json)
		json_open(out, key, "{");
}

void out_group_end(struct out *out)
{
	if (out->options.json)
		json_close(out, "}");
}

void out_table_begin(struct out *out, const char *key, const struct out_field *head)
{
	if (out->options.json) {
		json_open(out, key, "[");
		return;
	}
	out->table = head;
	out->bare = false;
	if (head) {
		text_line(out);
		text_head(out, head);
	}
}

void out_table_row(struct out *out, const struct out_field *fields, const void *row,
		   uint32_t present)
{
	const struct out_field *outer = out->field;

	if (out->options.json) {
		json_open(out, NULL, "{");
	} else {
		text_line(out);
		out->fields = 0;
	}
	write_fields(out, fields, row, present);
	if (out->options.json)
		json_close(out, "}");
	out->field = outer;
}

void out_table_end(struct out *out)
{
	if (out->options.json)
		json_close(out, "]");
	out->table = false;
}

/* Types */

static void write_string(struct out *out, const char *key, const void *member)
{
	out_string(out, key, *(const char *const *)member);
}

static void write_u8(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint8_t *)member);
}

static void write_u16(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint16_t *)member);
}

static void write_u32(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint32_t *)member);
}

static void write_u64(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint64_t *)member);
}

static void write_flag(struct out *out, const char *key, const void *member)
{
	out_bool(out, key, *(const bool *)member);
}

static void write_mac(struct out *out, const char *key, const void *member)
{
	char text[MAC_TEXT_SIZE];

	mac_format(member, text);
	out_string(out, key, text);
}

const struct out_type out_type_string = { .write = write_string };
const struct out_type out_type_u8 = { .write = write_u8 };
const struct out_type out_type_u16 = { .write = write_u16 };
const struct out_type out_type_u32 = { .write = write_u32 };
const struct out_type out_type_u64 = { .write = write_u64 };
const struct out_type out_type_flag = { .write = write_flag };
const struct out_type out_type_mac = { .write = write_mac };
