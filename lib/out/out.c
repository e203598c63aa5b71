/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a document from tables of fields, as text or JSON. */
#include "out-internal.h"

#include "base/amount.h"
#include "base/escape.h"
#include "out/columns.h"

#include <errno.h>

const bool out_plain[256] = {
	[' ' ... '!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

/*
 * The text goes straight into the buffer: a tree of json-c's objects for each row, or a call of
 * stdio for each word, would take longer than the kernel needs to answer.
 */
void out_flush(struct out *out)
{
	size_t written = fwrite_unlocked(out->buffer, 1, out->used, out->stream);

	if (written != out->used && !out->write_error)
		out->write_error = errno;
	out->used = 0;
}

static void put_json_byte(struct out *out, char byte)
{
	static const char named[] = "\b\f\n\r\t\"\\", names[] = "bfnrt\"\\";
	static const char digits[] = "0123456789abcdef";
	const char *found = strchr(named, byte);

	if (found) {
		put_byte(out, '\\');
		put_byte(out, names[found - named]);
	} else if ((unsigned char)byte < ' ') {
		put(out, "\\u00");
		put_byte(out, digits[byte >> 4]);
		put_byte(out, digits[byte & 15]);
	} else {
		put_byte(out, byte);
	}
}

/*
 * Escapes without memory: a failure after the first bytes were written would leave half a document.
 */
static void put_json_escaped(struct out *out, const char *string)
{
	char piece[ESCAPE_PIECE];

	if (!escape_needed(string, ESCAPE_FOR_JSON)) {
		while (*string)
			put_json_byte(out, *string++);
		return;
	}
	for (size_t length; (length = escape_next(&string, ESCAPE_FOR_JSON, piece));)
		for (size_t i = 0; i < length; i++)
			put_json_byte(out, piece[i]);
}

/* JSON */

static void json_string(struct out *out, const char *string)
{
	put_byte(out, '"');
	if (put_if_plain(out, string) < 0)
		put_json_escaped(out, string);
	put_byte(out, '"');
}

static void json_line(struct out *out)
{
	put(out, "\n");
	put_blanks(out, 4 * (size_t)out->depth);
}

/* Goes to the place of the next value and writes its key. */
static void json_next(struct out *out, const char *key)
{
	if (!out->empty)
		put(out, ",");
	/* iproute2 writes blanks inside the brackets of a list and none between its values. */
	if (out->options.pretty && out->list && out->empty)
		put(out, " ");
	else if (out->options.pretty && !out->list)
		json_line(out);
	out->empty = false;
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

/*
 * Lines can be aligned only when the last one is known. Without the memory for that they are
 * written as they are.
 */
static void hold_lines(struct out *out)
{
	FILE *held = open_memstream(&out->lines, &out->length);

	if (!held)
		return;
	out->terminal = out->stream;
	out->stream = held;
}

static void release_lines(struct out *out)
{
	_cleanup_free_ char *laid_out = NULL;
	size_t length;

	if (!fclose(out->stream) && out->lines && !out->failed)
		laid_out = columns_lay_out(out->lines, out->length, out->options.columns, &length);
	free(out->lines);
	out->stream = out->terminal;
	if (!laid_out)
		out->failed = true;
	else if (fwrite_unlocked(laid_out, 1, length, out->stream) != length)
		out->write_error = errno;
}

void out_open(struct out *out, const struct out_options *options, FILE *stream, const char *key,
	      enum out_shape shape)
{
	memset(out, 0, offsetof(struct out, buffer));
	out->options = *options;
	out->stream = stream;
	out->shape = shape;
	out->table = !options->json && shape == OUT_LIST;
	if (!options->json && !options->oneline && options->columns)
		hold_lines(out);
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

	if (!(field->flags & (OUT_DETAILS | OUT_SUMMARY)))
		return true;
	if (field->flags & OUT_DETAILS)
		return options->details;
	return options->json || !options->details;
}

static void write_fields(struct out *out, const struct out_field *fields, const void *row,
			 uint32_t present)
{
	for (const struct out_field *field = fields; field->type; field++) {
		out->field = field;
		if (!is_wanted(out, field))
			continue;
		if (present & BIT64(field->present)) {
			field->type->write(out, field->key, (const char *)row + field->offset);
			out->tail = field->flags & OUT_TAIL;
		} else if (out->table && !(field->flags & OUT_LINE))
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
			put(out, ":");
			text_blank(out, COLUMNS_CELL);
		}
		write_fields(out, fields, row, present);
		text_tail(out);
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
		put(out, ":");
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
	out_flush(out);
	if (out->terminal)
		release_lines(out);
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

static const char *const value_colors[] = {
	[OUT_GOOD] = "\033[32m",
	[OUT_DOUBTFUL] = "\033[1;35m", /* yellow cannot be read on white */
	[OUT_BAD] = "\033[1;31m",
};

void out_string_in(struct out *out, const char *key, const char *string, enum out_color color)
{
	out->color = out->options.color ? value_colors[color] : NULL;
	out_string(out, key, string);
	out->color = NULL;
}

void out_number(struct out *out, const char *key, uint64_t number)
{
	out_amount(out, key, number, out->field ? out->field->unit : OUT_COUNT);
}

static void format_amount(uint64_t number, enum out_unit unit, char *text)
{
	if (unit == OUT_SECONDS)
		amount_format_seconds(number, text);
	else if (unit == OUT_BYTES)
		amount_format_bytes(number, text);
	else
		amount_format_bytes(number < UINT64_MAX / 512 ? number * 512 : UINT64_MAX, text);
}

void out_amount(struct out *out, const char *key, uint64_t number, enum out_unit unit)
{
	char text[AMOUNT_TEXT_SIZE], *start = text + sizeof(text) - 1;

	if (out->options.human && !out->options.json && unit != OUT_COUNT) {
		start = text;
		format_amount(number, unit, text);
	} else {
		*start = '\0';
		do
			*--start = '0' + number % 10;
		while (number /= 10);
	}
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
