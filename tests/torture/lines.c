/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the list of command lines. */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

static void take_mark(struct line *line, char *mark)
{
	unsigned int count = 0;

	while (line->environment[count])
		count++;
	if (!strcmp(mark, "partial"))
		line->partial = true;
	else if (!strcmp(mark, "lines"))
		line->lines = true;
	else if (!strcmp(mark, "subset"))
		line->subset = true;
	else if (!strcmp(mark, "closed"))
		line->closed = true;
	else if (!strcmp(mark, "details"))
		line->details = true;
	else if (!strcmp(mark, "report"))
		line->report = true;
	else if (!strncmp(mark, "in=", 3))
		line->input = mark + 3;
	else if (strchr(mark, '=') && count < 3)
		line->environment[count] = mark;
	else {
		fprintf(stderr, "torture: unknown mark '%s'\n", mark);
		exit(EXIT_FAILURE);
	}
}

bool line_read(FILE *list, struct line *line)
{
	unsigned int count = 0;
	char *rest;

	memset(line, 0, sizeof(*line));
	do {
		if (!fgets(line->memory, sizeof(line->memory), list))
			return false;
		line->memory[strcspn(line->memory, "\n")] = '\0';
	} while (!line->memory[0] || line->memory[0] == '#');
	for (char *word = line->memory; *word == '@' && (rest = strchr(word, ' ')); word = rest) {
		*rest++ = '\0';
		take_mark(line, word + 1);
		line->text = rest;
	}
	if (!line->text)
		line->text = line->memory;
	line->text = strdup(line->text);
	rest = line->text;
	for (char *word = strtok(strdup(rest), " "); word && count < LINE_WORDS - 1;
	     word = strtok(NULL, " "))
		line->words[count++] = strcmp(word, "''") ? word : (char *)"";
	return count > 0;
}
