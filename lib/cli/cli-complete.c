/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completes command lines from the command table. */
#include "cli-internal.h"

#include "base/escape.h"

#include <stdarg.h>
#include <strings.h>

/* A question: complete @typed, which follows @words; these follow the command. */
struct question {
	char **words;
	size_t count;
	const char *typed;
	void *app;
	FILE *out;
};

/* Candidates that a function prints into memory, so that only the matching ones are passed on. */
struct lines {
	char *text;
	size_t size;
	FILE *file;
};

static bool lines_open(struct lines *lines)
{
	lines->file = open_memstream(&lines->text, &lines->size);
	return lines->file;
}

typedef void print_line(const struct question *question, const char *line);

/* If there is no memory for all lines, one of them may be incomplete: print none. */
static void lines_print(struct lines *lines, const struct question *question, print_line *print)
{
	bool failed = ferror(lines->file);

	failed |= fclose(lines->file) || !lines->text;
	for (char *line = lines->text, *end; !failed && (end = strchr(line, '\n'));
	     line = end + 1) {
		*end = '\0';
		print(question, line);
	}
	free(lines->text);
}

/* Length of the word of a line, which a description may follow. */
static size_t word_length(const char *line)
{
	return strcspn(line, "\t");
}

static void print_word(const struct question *question, const char *line)
{
	/* A candidate that looks like an option is offered only after a typed dash. */
	if (str_starts(line, question->typed) && (line[0] != '-' || question->typed[0] == '-'))
		fprintf(question->out, "%s\n", line);
}

/* Prints one of several words of an argument, unless it was given already. */
static void print_further(const struct question *question, const char *line)
{
	for (size_t i = 0; i < question->count; i++)
		if (strlen(question->words[i]) == word_length(line) &&
		    str_starts(line, question->words[i]))
			return;
	print_word(question, line);
}

/* Returns whether the word of @line is one of the parts of @list, which ends at @end. */
static bool in_list(const char *list, const char *end, const char *line)
{
	size_t length = word_length(line);

	for (const char *part = list; part < end; part = strchr(part, ',') + 1)
		if (!strncasecmp(part, line, length) && part[length] == ',')
			return true;
	return false;
}

/*
 * Completes the part after the last comma of a list, which may begin with a dash. Names match in
 * upper and lower case.
 */
static void print_listed(const struct question *question, const char *line)
{
	const char *typed = question->typed, *comma = strrchr(typed, ',');
	const char *part = comma ? comma + 1 : typed;
	bool cleared = comma && *part == '-';

	if (comma && !cleared && in_list(typed, part, line))
		return;
	part += cleared;
	if (!strncasecmp(line, part, strlen(part)))
		fprintf(question->out, "%.*s%s\n", (int)(part - typed), typed, line);
}

static print_line *printer_of(const struct cli_arg *arg)
{
	if (arg->type->list)
		return print_listed;
	return (arg->flags & (CLI_MANY | CLI_UNTIL)) == CLI_MANY ? print_further : print_word;
}

/* Returns whether one of the lines of @text is CLI_FILE_WORD. */
static bool has_file_word(const char *text)
{
	const char *line = text;

	while (*line &&
	       !(str_starts(line, CLI_FILE_WORD) && strcspn(line, "\t\n") == strlen(CLI_FILE_WORD)))
		line = strchr(line, '\n') + 1;
	return *line;
}

/* Returns whether CLI_FILE_WORD is the only candidate for the typed text. */
static bool only_file_word(const struct question *question, const char *text)
{
	return str_starts(CLI_FILE_WORD, question->typed) &&
	       (*question->typed || str_equal(strchr(text, '\n'), "\n"));
}

static void print_nothing(const struct question *question _unused_, const char *line _unused_)
{
}

/* After CLI_FILE_WORD the shell itself completes file names. */
static void print_values(struct lines *lines, const struct question *question,
			 const struct cli_arg *arg)
{
	bool file_word, partial;

	if (fflush(lines->file) || ferror(lines->file)) {
		lines_print(lines, question, print_nothing);
		return;
	}
	file_word = has_file_word(lines->text);
	if (file_word && str_starts(question->typed, CLI_FILE_WORD)) {
		lines_print(lines, question, print_nothing);
		fputs(CLI_SAY_FILES "\n", question->out);
		return;
	}
	partial = arg->type->list || (file_word && only_file_word(question, lines->text));
	lines_print(lines, question, printer_of(arg));
	if (partial)
		fputs(CLI_SAY_MORE "\n", question->out);
}

/* Messages to the shell have no word, see cli.h. */
static void value_words(const struct question *question, const struct cli_arg *arg)
{
	bool has_words = arg->words || arg->type->words;
	struct lines lines;

	if (!lines_open(&lines))
		return;
	if (arg->words)
		arg->words(question->app, lines.file);
	else if (arg->type->words)
		arg->type->words(lines.file);
	print_values(&lines, question, arg);
	if ((arg->flags & CLI_FILE) && (!has_words || strchr(question->typed, '/')))
		fputs(CLI_SAY_FILES "\n", question->out);
	fprintf(question->out, CLI_SAY_WANTED "%s\n", arg->help);
}

int cli_summary_length(const char *help)
{
	const char *end = strstr(help, ". ");

	if (end)
		return (int)(end - help);
	return (int)strlen(help) - (*help && help[strlen(help) - 1] == '.');
}

/* Offers a command by its name, or by an alias if the user has begun to type that. */
static void command_word(const struct question *question, const struct cli_cmd *cmd, FILE *lines)
{
	const char *const *name = cmd->aliases;
	int length = cli_summary_length(cmd->help);

	if (str_starts(cmd->name, question->typed)) {
		fprintf(lines, "%s\t%.*s\n", cmd->name, length, cmd->help);
		return;
	}
	while (name && *name && !str_starts(*name, question->typed))
		name++;
	if (name && *name)
		fprintf(lines, "%s\t%.*s\n", *name, length, cmd->help);
}

static void command_words(const struct question *question, const struct cli_cmd *parent, bool help)
{
	struct lines lines;

	if (!lines_open(&lines))
		return;
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++)
		command_word(question, cmd, lines.file);
	if (!help)
		fputs("help\tusage and examples\n", lines.file);
	lines_print(&lines, question, print_word);
}

/*
 * Returns the index of the next keyword: @from, or the one after the keyword at @from and its
 * value.
 */
static size_t next_keyword(const struct cli_cmd *leaf, char **words, size_t from)
{
	const struct cli_arg *arg = cli_find_arg(leaf, words[from]);

	return from + (arg ? cli_arg_words(arg) : 2);
}

static bool given(const struct cli_cmd *leaf, const char *name, char **words, size_t count)
{
	for (size_t i = 0; i < count; i = next_keyword(leaf, words, i))
		if (str_equal(words[i], name))
			return true;
	return false;
}

/* Returns CLI_CHOICE and CLI_EITHER if one argument of that group was given already. */
static unsigned int chosen(const struct cli_cmd *leaf, char **words, size_t count)
{
	unsigned int flags = 0;

	for (const struct cli_arg *arg = leaf->args; arg->type; arg++)
		if (given(leaf, arg->name, words, count))
			flags |= arg->flags & (CLI_CHOICE | CLI_EITHER);
	return flags;
}

/* Offers the keywords that were not given yet. @words follow the positional arguments. */
static void keywords(const struct question *question, const struct cli_cmd *leaf, char **words,
		     size_t count)
{
	unsigned int choice = chosen(leaf, words, count);
	struct lines lines;

	if (!lines_open(&lines))
		return;
	for (const struct cli_arg *arg = leaf->args; arg->type; arg++)
		if (!(arg->flags & CLI_POSITIONAL) && !given(leaf, arg->name, words, count) &&
		    !(choice & arg->flags))
			fprintf(lines.file, "%s\t%s\n", arg->name, arg->help);
	lines_print(&lines, question, print_word);
}

/* Completes the words after the positional arguments: a keyword or its value. */
static void keyword_words(const struct question *question, const struct cli_cmd *leaf, char **words,
			  size_t count)
{
	const struct cli_arg *value;
	size_t last = 0, used = 0;

	while (used < count) {
		last = used;
		used = next_keyword(leaf, words, used);
	}
	if (used == count) {
		keywords(question, leaf, words, count);
		return;
	}
	value = cli_find_arg(leaf, words[last]);
	if (value && last == count - 1)
		value_words(question, value);
	/* A value of several words: only its description helps here. */
	else if (value)
		fprintf(question->out, CLI_SAY_WANTED "%s\n", value->help);
}

/* Returns whether the argument is a single word without a keyword. */
static bool is_single(const struct cli_arg *arg)
{
	return arg->type && (arg->flags & CLI_POSITIONAL) && !(arg->flags & CLI_MANY);
}

static void argument_words(const struct question *question, const struct cli_cmd *leaf)
{
	const struct cli_arg *arg = leaf->args;
	char **words = question->words;
	size_t count = question->count;

	if (!arg)
		return;
	for (; is_single(arg) && count && !cli_find_arg(leaf, words[0]); arg++, words++)
		count--;
	if ((arg->flags & CLI_MANY) || (is_single(arg) && !count)) {
		size_t taken = cli_many_words(leaf, arg, words, count);

		if (arg->flags & CLI_UNTIL && taken < count) {
			keyword_words(question, leaf, words + taken, count - taken);
			return;
		}
		/* No values follow a flag. */
		if (taken == count)
			value_words(question, arg);
		if ((arg->flags & CLI_MANY) && count)
			keywords(question, leaf, words + taken, count - taken);
		if (arg->flags & (CLI_MANY | CLI_REQUIRED))
			return;
	}
	keyword_words(question, leaf, words, count);
}

void cli_offer(FILE *out, const char *word, const char *format, ...)
{
	char description[256];
	va_list args;

	if (escape_needed(word, ESCAPE_FOR_TERMINAL))
		return;
	va_start(args, format);
	vsnprintf(description, sizeof(description), format, args);
	va_end(args);
	fputs(word, out);
	if (*description && !escape_needed(description, ESCAPE_FOR_TERMINAL))
		fprintf(out, "\t%s", description);
	fputc('\n', out);
}

const char *cli_value_of(const struct cli_words *line, const char *keyword)
{
	for (size_t i = line->count; i-- > 1;)
		if (str_equal(line->words[i - 1], keyword))
			return line->words[i];
	return NULL;
}

void cli_complete(const struct cli_cmd *root, char **words, size_t count, void *app, FILE *out)
{
	struct question question = { .words = words, .app = app, .out = out };
	const struct cli_cmd *cmd = root, *found[1];
	bool help = false;

	question.typed = count ? words[--count] : "";
	for (question.count = count; cmd->sub && question.count; question.count--) {
		const char *word = *question.words++;

		if (cli_is_help(cmd, word))
			help = true;
		else if (cli_find_commands(cmd, word, found, ARRAY_SIZE(found)) == 1)
			cmd = found[0];
		else
			return;
	}
	if (cmd->sub)
		command_words(&question, cmd, help);
	else if (!help)
		argument_words(&question, cmd);
}
