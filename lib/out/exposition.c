/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes metrics in Prometheus' text format. */
#include "out/exposition.h"

#include "base/escape.h"

/* U+FFFD replaces each byte that is not UTF-8; otherwise a reader rejects the whole text. */
#define REPLACEMENT "\xef\xbf\xbd"

void exposition_begin(struct exposition *out, FILE *stream)
{
	out->stream = stream;
	out->used = 0;
}

void exposition_end(struct exposition *out)
{
	fwrite_unlocked(out->buffer, 1, out->used, out->stream);
	out->used = 0;
}

static void put_byte(struct exposition *out, char byte)
{
	if (out->used == sizeof(out->buffer))
		exposition_end(out);
	out->buffer[out->used++] = byte;
}

static void put_bytes(struct exposition *out, const char *bytes, size_t size)
{
	while (size > 0) {
		size_t part = sizeof(out->buffer) - out->used;

		if (part > size)
			part = size;
		memcpy(out->buffer + out->used, bytes, part);
		out->used += part;
		bytes += part;
		size -= part;
		if (out->used == sizeof(out->buffer))
			exposition_end(out);
	}
}

static void put(struct exposition *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

const char *exposition_number(uint64_t number, char text[static EXPOSITION_NUMBER_SIZE])
{
	char *start = text + EXPOSITION_NUMBER_SIZE - 1;

	*start = '\0';
	do
		*--start = '0' + number % 10;
	while (number /= 10);
	return start;
}

void exposition_family(struct exposition *out, const char *name, const char *type, const char *help)
{
	const char *const words[] = {
		"# HELP ", name, " ", help, "\n# TYPE ", name, " ", type, "\n"
	};

	out->name = name;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		put(out, words[i]);
}

/* The format escapes these three characters and nothing else. */
static const char *escaped(char c)
{
	switch (c) {
	case '\\':
		return "\\\\";
	case '"':
		return "\\\"";
	case '\n':
		return "\\n";
	default:
		return NULL;
	}
}

/* Returns how many of the next bytes are ASCII without an escape, which nearly all bytes are. */
static size_t plain_length(const char *value)
{
	size_t length = 0;

	while (value[length] > 0 && !escaped(value[length]))
		length++;
	return length;
}

static void put_value(struct exposition *out, const char *value)
{
	size_t length = plain_length(value);

	put_bytes(out, value, length);
	value += length;
	while (*value) {
		const char *instead;

		length = utf8_length(value);
		instead = length ? escaped(*value) : REPLACEMENT;
		if (instead)
			put(out, instead);
		else
			put_bytes(out, value, length);
		value += length && !instead ? length : 1;
	}
}

void exposition_sample(struct exposition *out, const struct exposition_label *labels,
		       uint64_t value)
{
	char number[EXPOSITION_NUMBER_SIZE];

	put(out, out->name);
	for (const struct exposition_label *label = labels; label->name; label++) {
		put_byte(out, label == labels ? '{' : ',');
		put(out, label->name);
		put(out, "=\"");
		put_value(out, label->value);
		put_byte(out, '"');
	}
	put(out, labels->name ? "} " : " ");
	put(out, exposition_number(value, number));
	put_byte(out, '\n');
}
