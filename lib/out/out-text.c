/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the text form of a document. */
#include "base/escape.h"
#include "out-internal.h"
#include "out/cells.h"
#include "out/columns.h"

#define COLOR_NAME  "\033[1;36m"
#define COLOR_RESET "\033[0m"

/* Returns the number of bytes written. */
static size_t put_terminal_escaped(struct out *out, const char *string)
{
	char piece[ESCAPE_PIECE];
	size_t written = 0;

	if (!escape_needed(string, ESCAPE_FOR_TERMINAL)) {
		put(out, string);
		return strlen(string);
	}
	for (size_t length; (length = escape_next(&string, ESCAPE_FOR_TERMINAL, piece));) {
		put_bytes(out, piece, length);
		written += length;
	}
	return written;
}

/*
 * Writes a blank. For a terminal it is a mark, which columns.c may widen or use for a line break.
 */
void text_blank(struct out *out, char mark)
{
	put_byte(out, out->terminal ? mark : ' ');
}

/* Returns the number of bytes written, not counting those of a color. */
static size_t text_put(struct out *out, const char *string)
{
	ssize_t plain;
	size_t length;

	if (out->color)
		put(out, out->color);
	plain = put_if_plain(out, string);
	length = plain < 0 ? put_terminal_escaped(out, string) : (size_t)plain;
	if (out->color)
		put(out, COLOR_RESET);
	return length;
}

void text_name(struct out *out, const char *name)
{
	if (out->options.color)
		put(out, COLOR_NAME);
	text_put(out, name);
	if (out->options.color)
		put(out, COLOR_RESET);
}

/* Nobody sees a blank at the end of a line on a terminal, where lines are laid out. */
void text_tail(struct out *out)
{
	if (out->tail && !out->terminal)
		put_byte(out, ' ');
	out->tail = false;
}

void text_line(struct out *out)
{
	text_tail(out);
	put(out, out->options.oneline ? "\\  " : "\n  ");
}

void text_key(struct out *out, const char *key)
{
	bool second = out->field->flags & OUT_SECOND;

	if (out->bare)
		return;
	if (out->field->flags & OUT_LINE || (second && !out->second))
		text_line(out);
	else if (out->fields)
		text_blank(out, COLUMNS_CELL);
	out->second |= second;
	put(out, key);
}

/* Writes words separately, so that they can continue below the first word where a line is full. */
static void text_sentence(struct out *out, const char *string)
{
	if (out->used && out->buffer[out->used - 1] == ' ')
		out->buffer[out->used - 1] = COLUMNS_BREAK;
	for (size_t length; *string; string += length) {
		_cleanup_free_ char *word = NULL;

		length = strcspn(string, " ");
		word = strndup(string, length);
		if (word)
			text_put(out, word);
		out->failed |= !word;
		if (string[length]) {
			text_blank(out, COLUMNS_BREAK);
			length++;
		}
	}
}

void text_cell(struct out *out, const char *string, unsigned int width)
{
	size_t length;

	/* The last column has no width because nothing follows it. */
	if (!width && out->terminal) {
		text_sentence(out, string);
		return;
	}
	length = text_put(out, string);
	if (width && length == strlen(string))
		length = cells_of(string, length);
	if (width)
		put_blanks(out, length < width ? width - length : 1);
}

/* Writes a value without its key, as a word of a sentence or as a name. */
static void text_word(struct out *out, const char *string)
{
	if (out->fields)
		put(out, " ");
	if (out->field->flags & OUT_NAME)
		text_name(out, string);
	else
		text_put(out, string);
}

void text_value(struct out *out, const char *key, const char *string)
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
		text_blank(out, out->list && out->fields ? COLUMNS_BREAK : ' ');
		text_put(out, string);
	}
	out->fields++;
}

void text_head(struct out *out, const struct out_field *fields)
{
	for (const struct out_field *field = fields; field->type; field++)
		if (!(field->flags & OUT_LINE))
			text_cell(out, field->key, field->width);
}
