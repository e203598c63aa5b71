/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Aligns the cells of text lines in columns. */
#include "out/columns.h"

#include "out/cells.h"

#include <stdio.h>
#include <sys/param.h>

/* Cells at the same place of lines of one kind that begin with the same word. */
struct column {
	bool indented;
	size_t place;
	const char *word; /* in the text; all names of lines count as the same word */
	size_t length;	  /* of the word */
	size_t width;	  /* of the widest cell, in cells of the terminal */
};

/* Further kinds of cells are not padded. */
#define COLUMNS_MAX 128

struct columns {
	struct column columns[COLUMNS_MAX];
	size_t count;
};

struct line {
	const char *start, *end;
	bool indented;
};

struct cell {
	const char *start, *end;
	size_t place;
};

/* Counts the cells that are visible, without the escape sequences of colors. */
static size_t count_cells(const char *start, const char *end)
{
	size_t cells = 0;

	while (start < end) {
		const char *escape = memchr(start, '\033', (size_t)(end - start));
		const char *stop = escape ? escape : end;

		cells += cells_of(start, (size_t)(stop - start));
		stop = escape ? memchr(escape, 'm', (size_t)(end - escape)) : NULL;
		start = stop ? stop + 1 : end;
	}
	return cells;
}

static const char *find(const char *start, const char *end, char byte)
{
	const char *found = memchr(start, byte, end - start);

	return found ? found : end;
}

static bool next_line(const char *end, struct line *line)
{
	const char *start = line->end ? line->end + 1 : line->start;

	if (start >= end)
		return false;
	*line = (struct line){ start, find(start, end, '\n'), *start == ' ' };
	return true;
}

static bool next_cell(const struct line *line, struct cell *cell)
{
	const char *start = cell->end ? cell->end + 1 : line->start;

	if (start > line->end || cell->end == line->end)
		return false;
	cell->place += cell->end != NULL;
	cell->start = start;
	cell->end = find(start, line->end, COLUMNS_CELL);
	return true;
}

/* Returns the length of the cell's first word. */
static size_t first_word(const struct cell *cell)
{
	return find(cell->start, find(cell->start, cell->end, ' '), COLUMNS_BREAK) - cell->start;
}

static struct column *find_column(struct columns *columns, const struct line *line,
				  const struct cell *cell)
{
	const bool is_name = !line->indented && !cell->place;
	const size_t length = is_name ? 0 : first_word(cell);

	for (size_t i = 0; i < columns->count; i++) {
		struct column *column = &columns->columns[i];

		if (column->indented == line->indented && column->place == cell->place &&
		    column->length == length && !memcmp(column->word, cell->start, length))
			return column;
	}
	if (columns->count == COLUMNS_MAX)
		return NULL;
	columns->columns[columns->count] =
		(struct column){ line->indented, cell->place, cell->start, length, 0 };
	return &columns->columns[columns->count++];
}

static void measure(struct columns *columns, const char *text, const char *end)
{
	struct line line = { .start = text };

	while (next_line(end, &line)) {
		struct cell cell = { 0 };

		while (next_cell(&line, &cell)) {
			size_t width = count_cells(cell.start, cell.end);
			struct column *column = find_column(columns, &line, &cell);

			if (column && column->width < width)
				column->width = width;
		}
	}
}

/* The current place on a line that is being written. */
struct pen {
	FILE *out;
	size_t at, indent, width; /* in cells of the terminal */
};

static void put_blanks(struct pen *pen, size_t count)
{
	fprintf(pen->out, "%*s", (int)count, "");
	pen->at += count;
}

static void break_line(struct pen *pen, size_t indent)
{
	fputc('\n', pen->out);
	pen->at = 0;
	put_blanks(pen, indent);
}

/* Writes a cell. Words of a list that do not fit go to the next line. */
static void put_cell(struct pen *pen, const char *start, const char *end)
{
	for (const char *stop; start <= end; start = stop + 1) {
		const size_t width = count_cells(start, stop = find(start, end, COLUMNS_BREAK));

		if (pen->indent && pen->at + 1 + width > pen->width && pen->at > pen->indent)
			break_line(pen, pen->indent);
		else if (pen->indent)
			put_blanks(pen, 1);
		fwrite(start, 1, stop - start, pen->out);
		pen->at += width;
		if (!pen->indent)
			pen->indent = pen->at + 1;
	}
}

/* Indentation of a line that continues with a cell that did not fit. */
#define INDENT 4

static void put_line(struct pen *pen, struct columns *columns, const struct line *line)
{
	struct cell cell = { 0 };
	size_t blanks = 0;

	pen->at = 0;
	while (next_cell(line, &cell)) {
		const struct column *column = find_column(columns, line, &cell);
		const size_t width = count_cells(cell.start, cell.end);
		const bool is_list = find(cell.start, cell.end, COLUMNS_BREAK) < cell.end;

		if (cell.place && !is_list && pen->at + blanks + width > pen->width)
			break_line(pen, INDENT);
		else
			put_blanks(pen, width ? blanks : MIN(blanks, 1u));
		pen->indent = 0;
		put_cell(pen, cell.start, cell.end);
		blanks = 1 + (column ? column->width - width : 0);
	}
	fputc('\n', pen->out);
}

char *columns_lay_out(const char *text, size_t length, unsigned int width, size_t *result_length)
{
	_cleanup_free_ struct columns *columns = calloc(1, sizeof(*columns));
	struct line line = { .start = text };
	struct pen pen = { .width = width };
	char *result = NULL;
	bool failed;

	pen.out = columns ? open_memstream(&result, result_length) : NULL;
	if (!pen.out)
		return NULL;
	measure(columns, text, text + length);
	while (next_line(text + length, &line))
		put_line(&pen, columns, &line);
	failed = ferror(pen.out);
	if (!fclose(pen.out) && !failed)
		return result;
	free(result);
	return NULL;
}
