/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes down the state of a directory, to be compared. */
#include "state.h"

#include <fcntl.h>
#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Lines of a text hold no newline, and of what a device is only its beginning. */
static void print_content(const char *path, FILE *out)
{
	char bytes[128];
	int fd = open(path, O_RDONLY);
	ssize_t length = fd < 0 ? 0 : read(fd, bytes, sizeof(bytes));

	for (ssize_t i = 0; i < length; i++)
		fprintf(out, bytes[i] > ' ' && bytes[i] < 0x7f ? "%c" : "\\%02x",
			(unsigned char)bytes[i]);
	if (fd >= 0)
		close(fd);
}

static void print_entry(const FTSENT *entry, size_t skipped, FILE *out)
{
	char target[4096];
	ssize_t length;

	fprintf(out, "%s %o %u:%u ", entry->fts_path + skipped, entry->fts_statp->st_mode,
		entry->fts_statp->st_uid, entry->fts_statp->st_gid);
	if (entry->fts_info == FTS_F) {
		print_content(entry->fts_accpath, out);
	} else if (entry->fts_info == FTS_SL || entry->fts_info == FTS_SLNONE) {
		length = readlink(entry->fts_accpath, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		fprintf(out, "-> %s", target);
	}
	fputc('\n', out);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

char *state_of(const char *directory)
{
	char *paths[] = { (char *)directory, NULL }, *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	const FTSENT *entry;

	if (!out || !walk)
		exit(EXIT_FAILURE);
	while ((entry = fts_read(walk)))
		if (entry->fts_info != FTS_DP && entry->fts_level > 0)
			print_entry(entry, strlen(directory), out);
	fts_close(walk);
	fclose(out);
	return text;
}

static bool has_line(const char *text, const char *line, size_t length)
{
	for (const char *at = text; (at = strstr(at, line)); at++)
		if ((at == text || at[-1] == '\n') && at[length] == '\n')
			return true;
	return false;
}

/* Writes the first line of @text that @other lacks, after @sign. */
static bool find_line(const char *text, const char *other, char sign, char line[256])
{
	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		char whole[8192];

		snprintf(whole, sizeof(whole), "%.*s", (int)(end - text), text);
		if (has_line(other, whole, strlen(whole)))
			continue;
		snprintf(line, 256, "%c%.250s", sign, whole);
		return true;
	}
	return false;
}

const char *state_difference(const char *before, const char *now, char line[256])
{
	line[0] = '\0';
	if (!find_line(now, before, '+', line))
		find_line(before, now, '-', line);
	return line;
}
