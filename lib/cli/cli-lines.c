/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads command lines from a file and joins continued lines. */
#include "cli/cli-lines.h"

#include "cli/cli.h"

#include <errno.h>
#include <unistd.h>

/* The end of the file; no errno has this value. */
#define END (-4096)

/*
 * Returns whether a backslash at the end of the line continues it; one in a comment does not.
 * @last: where the last of the joined lines begins.
 */
static bool is_continued(const char *line, size_t length, size_t last)
{
	size_t count = 0;

	while (count < length && line[length - 1 - count] == '\\')
		count++;
	return count % 2 && !(strchr(line + last, '#') && cli_ends_in_comment(line));
}

/*
 * Reads one line of the file, without its newline. Returns its length, END at the end of the file,
 * or another negative errno. getline() does not set ferror() when it lacks memory or is
 * interrupted, so only feof() tells the end of the file.
 */
static ssize_t read_line(FILE *file, char **line, size_t *size)
{
	ssize_t length;

	errno = 0;
	length = getline(line, size, file);
	if (length < 0)
		return feof(file) && !ferror(file) ? END : -(errno ? errno : EIO);
	if (length > 0 && (*line)[length - 1] == '\n')
		(*line)[--length] = '\0';
	/* Other systems end lines with CR LF. */
	if (length > 0 && (*line)[length - 1] == '\r')
		(*line)[--length] = '\0';
	return length;
}

/* Some editors begin a file with the byte order mark U+FEFF, which is not part of the text. */
static ssize_t drop_mark(char *line, ssize_t length)
{
	static const char mark[] = "\xef\xbb\xbf";
	const ssize_t size = sizeof(mark) - 1;

	if (length < size || memcmp(line, mark, sizeof(mark) - 1) != 0)
		return length;
	memmove(line, line + size, (size_t)(length - size) + 1);
	return length - size;
}

/*
 * Appends the next line to one that ends with a backslash. Returns the length of both, or a
 * negative errno.
 */
static ssize_t join_line(struct cli_lines *lines, ssize_t length)
{
	_cleanup_free_ char *next = NULL;
	size_t size = 0;
	ssize_t added = read_line(lines->file, &next, &size);
	char *longer;

	length--;
	lines->line[length] = '\0';
	if (added == END)
		return length;
	if (added < 0)
		return added;
	lines->number++;
	longer = realloc(lines->line, (size_t)(length + added) + 1);
	if (!longer)
		return -ENOMEM;
	lines->line = longer;
	lines->size = (size_t)(length + added) + 1;
	memcpy(lines->line + length, next, (size_t)added + 1);
	return length + added;
}

int cli_lines_next(struct cli_lines *lines, struct err *err)
{
	ssize_t length, last = 0;

	length = read_line(lines->file, &lines->line, &lines->size);
	if (length == END)
		return 0;
	if (!lines->number)
		length = drop_mark(lines->line, length);
	lines->begin = ++lines->number;
	while (length > 0 && is_continued(lines->line, (size_t)length, (size_t)last)) {
		last = length - 1;
		length = join_line(lines, length);
	}
	if (length < 0) {
		lines->ended = true;
		return err_set_status(err, STATUS_FAILED, (int)-length, "%s",
				      err_words((int)-length));
	}
	if (strlen(lines->line) != (size_t)length)
		return err_usage(err, "the line contains a NUL byte");
	return 1;
}

void cli_lines_release(struct cli_lines *lines)
{
	free(lines->line);
	lines->line = NULL;
}
