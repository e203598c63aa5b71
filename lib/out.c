/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "out.h"

#include "escape.h"

#include <errno.h>
#include <json-c/json.h>

#define COLOR_NAME  "\033[1;36m"
#define COLOR_RESET "\033[0m"

/* Text */

static void text_put(struct out *out, const char *string)
{
	_cleanup_free_ char *safe = NULL;

	if (escape_needed(string, ESCAPE_FOR_TERMINAL)) {
		safe = escape(string, ESCAPE_FOR_TERMINAL);
		if (!safe) {
			out->failed = true;
			return;
		}
		string = safe;
	}
	fputs_unlocked(string, out->stream);
}

/* fprintf() takes several times as long, and a long list is made of numbers. */
static void text_number(struct out *out, uint64_t number)
{
	char digits[24], *start = digits + sizeof(digits) - 1;

	*start = '\0';
	do
		*--start = '0' + number % 10;
	while (number /= 10);
	fputs_unlocked(start, out->stream);
}

static void text_name(struct out *out, const char *name)
{
	if (out->options.color)
		fputs_unlocked(COLOR_NAME, out->stream);
	text_put(out, name);
	if (out->options.color)
		fputs_unlocked(COLOR_RESET, out->stream);
	fputs_unlocked(": ", out->stream);
}

static void text_key(struct out *out, const char *key, bool own_line)
{
	if (own_line)
		fputs_unlocked(out->options.oneline ? "\\  " : "\n  ", out->stream);
	else if (out->fields)
		putc_unlocked(' ', out->stream);
	fputs_unlocked(key, out->stream);
}

/* JSON */

static int json_flags(const struct out *out)
{
	return JSON_C_TO_STRING_NOSLASHESCAPE |
	       (out->options.pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED
				    : JSON_C_TO_STRING_PLAIN);
}

static struct json_object *json_string(struct out *out, const char *string)
{
	_cleanup_free_ char *safe = NULL;
	struct json_object *object;

	if (escape_needed(string, ESCAPE_FOR_JSON)) {
		safe = escape(string, ESCAPE_FOR_JSON);
		if (!safe) {
			out->failed = true;
			return NULL;
		}
		string = safe;
	}
	object = json_object_new_string(string);
	if (!object)
		out->failed = true;
	return object;
}

static void json_add(struct out *out, const char *key, struct json_object *object)
{
	int ret;

	if (!object || out->failed) {
		out->failed = true;
		json_object_put(object);
		return;
	}
	ret = out->list ? json_object_array_add(out->list, object)
			: json_object_object_add_ex(out->row, key, object,
						    JSON_C_OBJECT_ADD_KEY_IS_NEW |
							    JSON_C_OBJECT_ADD_CONSTANT_KEY);
	if (ret) {
		out->failed = true;
		json_object_put(object);
	}
}

/* Writes a finished object; lines of a pretty one are moved in by @indent blanks. */
static void json_put(struct out *out, struct json_object *object, int indent)
{
	size_t length;
	const char *text = json_object_to_json_string_length(object, json_flags(out), &length);
	const char *end;

	if (!text) {
		out->failed = true;
		return;
	}
	while (out->options.pretty && (end = memchr(text, '\n', length))) {
		fwrite_unlocked(text, 1, end + 1 - text, out->stream);
		fprintf(out->stream, "%*s", indent, "");
		length -= end + 1 - text;
		text = end + 1;
	}
	fwrite_unlocked(text, 1, length, out->stream);
}

static void json_row(struct out *out, const char *name)
{
	const bool pretty = out->options.pretty;
	struct json_object *key = json_string(out, name);

	if (out->rows)
		putc_unlocked(',', out->stream);
	if (pretty)
		fputs_unlocked("\n    ", out->stream);
	if (key)
		json_put(out, key, 0);
	fputs_unlocked(pretty ? ": " : ":", out->stream);
	json_put(out, out->row, 4);
	json_object_put(key);
}

/* Both */

void out_open(struct out *out, const struct out_options *options, FILE *stream, const char *key)
{
	*out = (struct out){ .options = *options, .stream = stream };
	if (options->json)
		fprintf(stream, options->pretty ? "{\n  \"%s\": {" : "{\"%s\":{", key);
}

static void write_fields(struct out *out, const struct out_field *fields, const void *row,
			 uint32_t present)
{
	for (const struct out_field *field = fields; field->type; field++) {
		if (!(present & BIT64(field->present)))
			continue;
		if ((field->flags & OUT_DETAILS) && !out->options.details)
			continue;
		out->own_line = field->flags & OUT_LINE;
		field->type->write(out, field->key, (const char *)row + field->offset);
		out->fields++;
	}
}

void out_row(struct out *out, const char *name, const struct out_field *fields, const void *row,
	     uint32_t present)
{
	out->fields = 0;
	if (!out->options.json) {
		text_name(out, name);
		write_fields(out, fields, row, present);
		putc_unlocked('\n', out->stream);
		return;
	}
	out->row = json_object_new_object();
	out->failed |= !out->row;
	if (!out->failed)
		write_fields(out, fields, row, present);
	if (!out->failed)
		json_row(out, name);
	json_object_put(out->row);
	out->rows++;
}

int out_close(struct out *out, struct err *err)
{
	if (out->failed)
		return err_memory(err);
	if (!out->options.json)
		return 0;
	if (!out->options.pretty)
		fputs("}}\n", out->stream);
	else
		fputs(out->rows ? "\n  }\n}\n" : "}\n}\n", out->stream);
	return 0;
}

void out_string(struct out *out, const char *key, const char *string)
{
	if (out->options.json) {
		json_add(out, key, json_string(out, string));
		return;
	}
	text_key(out, key, out->own_line);
	putc_unlocked(' ', out->stream);
	text_put(out, string);
}

void out_number(struct out *out, const char *key, uint64_t number)
{
	if (out->options.json) {
		json_add(out, key, json_object_new_uint64(number));
		return;
	}
	text_key(out, key, out->own_line);
	putc_unlocked(' ', out->stream);
	text_number(out, number);
}

void out_list_begin(struct out *out, const char *key)
{
	struct json_object *list;

	if (!out->options.json) {
		text_key(out, key, out->own_line);
		return;
	}
	list = json_object_new_array();
	json_add(out, key, list);
	out->list = out->failed ? NULL : list;
}

void out_list_string(struct out *out, const char *string)
{
	if (out->options.json) {
		json_add(out, NULL, json_string(out, string));
		return;
	}
	putc_unlocked(' ', out->stream);
	text_put(out, string);
}

void out_list_number(struct out *out, uint64_t number)
{
	if (out->options.json) {
		json_add(out, NULL, json_object_new_uint64(number));
		return;
	}
	putc_unlocked(' ', out->stream);
	text_number(out, number);
}

void out_list_end(struct out *out)
{
	out->list = NULL;
}

static void write_string(struct out *out, const char *key, const void *member)
{
	out_string(out, key, *(const char *const *)member);
}

static void write_u16(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint16_t *)member);
}

static void write_u32(struct out *out, const char *key, const void *member)
{
	out_number(out, key, *(const uint32_t *)member);
}

const struct out_type out_type_string = { .write = write_string };
const struct out_type out_type_u16 = { .write = write_u16 };
const struct out_type out_type_u32 = { .write = write_u32 };
