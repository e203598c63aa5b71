/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_H
#define CLI_H

#include "base/err.h"
#include "base/mac.h"
#include "base/num.h"

#include <stdio.h>

/*
 * The command table. Its rows are constant: dispatch, usage, help, completion and the table's check
 * of itself all walk it, and none of them runs a command to find out what it takes.
 */
struct cli_arg;

/* How a word becomes a member of the struct of arguments. */
struct cli_type {
	const char *expected; /* the expected value in messages: "a MAC address" */
	uint64_t max;	      /* largest number, unless the argument's row has its own */
	size_t extra;	      /* words of a value after its first; each is parsed, in order */
	/*
	 * Fills @field from @word. Returns 0 or a negative errno. If it does not fill @err, the
	 * message names the expected value and its range.
	 */
	int (*parse)(const struct cli_arg *arg, const char *word, void *field, struct err *err);
	/* A value is a list of words, joined by commas; a leading dash removes one. */
	bool list;
	/* Prints candidates for completion, or NULL; in the form of cli_arg's words(). */
	void (*words)(FILE *out);
};

enum cli_arg_flags {
	CLI_REQUIRED = 1,
	CLI_POSITIONAL = 2, /* without a keyword; these come first, in order */
	CLI_NAMED = 4,	    /* positional, but the keyword may precede it */
	CLI_MANY = 8,	    /* positional, takes all words except flags at the end */
	CLI_CHOICE = 16,    /* exactly one of the adjacent arguments with this flag */
	CLI_EITHER = 32,    /* at most one of the adjacent arguments with this flag */
	CLI_UNTIL = 128,    /* with CLI_MANY: the words end before the first keyword */
	CLI_FILE = 64, /* a value may be a file name; if there are other words, only with a slash */
};

struct cli_arg {
	const char *name; /* its keyword */
	const char *meta; /* placeholder for its value in usage, upper case; NULL: it has none */
	const char *help; /* one line, with the unit */
	const struct cli_type *type; /* NULL ends a list of arguments */
	uint64_t min, max;	     /* range of a number; both 0: the range of its type */
	/*
	 * Prints candidates that depend on this host, instead of those of the type, one on each
	 * line: "WORD" or "WORD\tDESCRIPTION". It leaves out whatever it cannot find out.
	 */
	void (*words)(void *app, FILE *out);
	uint16_t offset;
	uint16_t flags;
};

enum cli_cmd_flags {
	CLI_FIRST = 1,	     /* wins when an abbreviation matches several such rows */
	CLI_DEFAULT = 2,     /* runs when its parent is given alone */
	CLI_WHOLE_ALIAS = 4, /* its aliases cannot be abbreviated: the command destroys */
	CLI_OFFLINE = 8,     /* never asks the kernel, so it cannot hang */
};

struct cli_cmd {
	const char *name; /* NULL ends a list of commands */
	const char *help;
	const char *const *aliases;  /* NULL-terminated, or NULL */
	const struct cli_cmd *sub;   /* NULL marks a leaf */
	const struct cli_arg *args;  /* of a leaf; NULL: it takes none */
	const char *const *examples; /* of a leaf, NULL-terminated */
	size_t size;		     /* of the struct that the arguments fill */
	unsigned int flags;
	int (*run)(void *app, const void *args, struct err *err);
};

/* Several words of the command line, which stay in the caller's argv. */
struct cli_words {
	char **words;
	size_t count;
};

extern const struct cli_type cli_type_word, cli_type_words, cli_type_new_name, cli_type_dev_name,
	cli_type_u16, cli_type_u32, cli_type_u64, cli_type_mac, cli_type_flag;

/*
 * An argument for the member @field of struct @T. The C type of the member chooses the parser, so
 * that the row and the member always agree.
 */
#define CLI_ARG(T, field, meta_, help_, ...)                                                       \
	{                                                                                          \
		.name = #field, .meta = (meta_), .help = (help_),         \
		.offset = offsetof(T, field),                             \
		.type = _Generic(((T *)0)->field,                         \
				 const char *: &cli_type_word,            \
				 struct cli_words: &cli_type_words,       \
				 struct opt_u16: &cli_type_u16,           \
				 struct opt_u32: &cli_type_u32,           \
				 struct opt_u64: &cli_type_u64,           \
				 struct opt_mac: &cli_type_mac,           \
				 bool: &cli_type_flag),                   \
		__VA_ARGS__                        \
	}

/* The same with a type that the tool defines itself, which must fit the member's C type @C. */
#define CLI_ARG_OF(T, field, C, type_, meta_, help_, ...)                                          \
	{                                                                                          \
		.name = #field, .meta = (meta_), .help = (help_), .offset = offsetof(T, field),    \
		.type = _Generic(((T *)0)->field, C                                                \
				 : (type_)),                                                       \
		__VA_ARGS__                                                                        \
	}

#define CLI_DEPTH 4

/*
 * A command line that was understood: the rows from the tool's down to the leaf's, and the leaf's
 * arguments.
 */
struct cli_call {
	const struct cli_cmd *path[CLI_DEPTH];
	unsigned int depth;
	bool help; /* help is wanted for the last row of the path */
	void *args;
};

/*
 * Finds the command and fills its arguments.
 * @root: the tool's own row. @words: are not copied; the arguments point into them.
 * @call: filled as far as the words were understood, on failure as well; release it.
 * Returns 0 or the negative errno of a usage error.
 */
int cli_parse(const struct cli_cmd *root, char **words, size_t count, struct cli_call *call,
	      struct err *err);
void cli_call_release(struct cli_call *call);

/* Returns whether the argument is a keyword without a value, whose bool says that it was given. */
static inline bool cli_is_flag(const struct cli_arg *arg)
{
	return arg->type == &cli_type_flag;
}

/* Returns the number of words that the keyword and its value take. */
static inline size_t cli_arg_words(const struct cli_arg *arg)
{
	return cli_is_flag(arg) ? 1 : 2 + arg->type->extra;
}

/*
 * Returns the number of words that an argument with CLI_MANY takes: all except flags at their end,
 * or with CLI_UNTIL all before the first keyword. The first word always belongs to the argument,
 * because a device may have the name of a keyword.
 */
size_t cli_many_words(const struct cli_cmd *cmd, const struct cli_arg *arg, char **words,
		      size_t count);

/* Refuses a word that is longer than the kernel could store: a usage error. */
int cli_check_length(const struct cli_arg *arg, const char *word, struct err *err);

/*
 * Splits a line into words as a shell does: blanks separate them, with quotes and backslashes, and
 * a word that begins with "#" starts a comment. The words stay in @line, which is changed.
 * @words: gets the words after a free first place for the tool's name, and a NULL at the end; free
 * its "words".
 * Returns 0, -EINVAL with @err filled for a quote without an end, or -ENOMEM.
 */
int cli_split(char *line, struct cli_words *words, struct err *err);

/* Returns whether the line ends in a comment for cli_split(): a backslash there joins nothing. */
bool cli_ends_in_comment(const char *line);

/* Returns the argument with this keyword, or NULL. */
const struct cli_arg *cli_find_arg(const struct cli_cmd *cmd, const char *name);

/* Finds the commands that an abbreviation may mean. Returns how many match, at most @size. */
size_t cli_find_commands(const struct cli_cmd *parent, const char *word,
			 const struct cli_cmd **found, size_t size);

/*
 * Prints the usage of the last row of the path. For an object, it lists the commands.
 * @columns: width of the terminal in characters; 0: the output is not a terminal.
 */
void cli_usage(const struct cli_call *call, unsigned int columns, FILE *out);

/*
 * Prints the usage of the last row of the path and of all rows below it, then its purpose,
 * arguments and examples.
 */
void cli_help(const struct cli_call *call, unsigned int columns, FILE *out);

/* Prints the tool's commands with a line on each: help that fits on a screen. */
void cli_help_short(const struct cli_call *call, unsigned int columns, FILE *out);

/*
 * Prints a text that begins in column @indent, folded into lines that all begin there. @columns:
 * see cli_usage().
 */
void cli_print_folded(FILE *out, const char *text, size_t indent, unsigned int columns);

/*
 * Prints @left in at least @width characters, and after it @right, folded into lines that all begin
 * in the same column.
 */
void cli_print_row(FILE *out, int width, const char *left, const char *right, unsigned int columns);

/* Returns whether this word asks for help on @parent or on a command named after it. */
bool cli_is_help(const struct cli_cmd *parent, const char *word);

/*
 * Prints the candidates for the last of the words, one on each line, as "WORD" or
 * "WORD\tDESCRIPTION". Words that make no sense have none. A line that begins with a tab is a
 * message to the shell:
 */
#define CLI_SAY_FILES  "\tfiles"   /* file names may follow, which the shell completes */
#define CLI_SAY_MORE   "\tmore"	   /* candidates are not whole words: add no blank */
#define CLI_SAY_WANTED "\twanted " /* precedes a description of the expected value */
#define CLI_FILE_WORD  "file:"	   /* a candidate that a file name follows */
void cli_complete(const struct cli_cmd *root, char **words, size_t count, void *app, FILE *out);

/*
 * Prints one candidate unless it holds characters that a terminal must not get: no shell could
 * complete them.
 */
void cli_offer(FILE *out, const char *word, const char *format, ...) _printf_(3, 4);

/* Returns the word after @keyword on a line that is being typed, or NULL. */
const char *cli_value_of(const struct cli_words *line, const char *keyword);

/*
 * Looks for contradictions in the table: duplicate names, missing help, required arguments after
 * optional ones. Prints each to @out and returns how many there are. Adds the number of rows to
 * *@visited.
 */
unsigned int cli_check(const struct cli_cmd *root, FILE *out, unsigned int *visited);

#endif
