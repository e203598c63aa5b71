/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_H
#define CLI_H

#include "base/err.h"
#include "base/mac.h"
#include "base/num.h"

#include <stdio.h>

/*
 * The command table. Its rows are constant: dispatch, usage, help, completion and the table's
 * self-check all walk it, and none of them runs a row in order to learn what it says.
 */
struct cli_arg;

/* How a word becomes a field of the arguments' struct. */
struct cli_type {
	const char *wants; /* what was expected, for messages: "a MAC address" */
	uint64_t max;	   /* of a number, where the argument's row does not say */
	size_t more;	   /* words of a value behind the first; each is parsed, in their order */
	/*
	 * Fills @field from @word. Returns 0 or a negative errno, and may fill @err then;
	 * otherwise the message says what the argument wants and in which range.
	 */
	int (*parse)(const struct cli_arg *arg, const char *word, void *field, struct err *err);
	/* A value is any number of the words, joined by commas; a dash takes one away. */
	bool list;
	/* Prints what completion offers where this type stands, or NULL; as those of a row. */
	void (*words)(FILE *out);
};

enum cli_arg_flags {
	CLI_REQUIRED = 1,
	CLI_POSITIONAL = 2, /* without a keyword; these come first, in their order */
	CLI_NAMED = 4,	    /* positional, and with the keyword as well */
	CLI_MANY = 8,	    /* positional, takes all words but flags at the end */
	CLI_CHOICE = 16,    /* just one of those with this flag, which stand together */
	CLI_EITHER = 32,    /* at most one of those with this flag, which stand together */
	CLI_UNTIL = 128,    /* with CLI_MANY: the words end where a keyword stands */
	CLI_FILE = 64,	    /* a value may be a file's name; with words, one with a slash */
};

struct cli_arg {
	const char *name;	     /* the keyword */
	const char *meta;	     /* stands for its value in usage, upper case; NULL: none */
	const char *help;	     /* a line, with unit */
	const struct cli_type *type; /* NULL ends a list of arguments */
	uint64_t min, max;	     /* range of a number, both 0: that of its type */
	/*
	 * Prints live candidates instead of those of the type, one a line: "WORD" or
	 * "WORD\tDESCRIPTION". What it cannot find out it leaves out.
	 */
	void (*words)(void *app, FILE *out);
	uint16_t offset;
	uint16_t flags;
};

enum cli_cmd_flags {
	CLI_FIRST = 1,	     /* what may mean this row or one of its like means the first of them */
	CLI_DEFAULT = 2,     /* stands in when its parent is named alone */
	CLI_WHOLE_ALIAS = 4, /* its aliases must not be shortened: the command destroys */
	CLI_OFFLINE = 8,     /* never asks the kernel, so nothing can keep it waiting */
};

struct cli_cmd {
	const char *name; /* NULL ends a list of commands */
	const char *help;
	const char *const *aliases;  /* NULL-terminated, or NULL */
	const struct cli_cmd *sub;   /* NULL marks a leaf */
	const struct cli_arg *args;  /* of a leaf, or NULL for none */
	const char *const *examples; /* of a leaf, NULL-terminated */
	size_t size;		     /* of the struct that the arguments fill */
	unsigned int flags;
	int (*run)(void *app, const void *args, struct err *err);
};

/* Several words of the command line, in the caller's argv. */
struct cli_words {
	char **words;
	size_t count;
};

extern const struct cli_type cli_type_word, cli_type_words, cli_type_new_name, cli_type_dev_name,
	cli_type_u16, cli_type_u32, cli_type_u64, cli_type_mac, cli_type_flag;

/*
 * A row of arguments for the member @field of struct @T. The C type of the member picks the
 * parser, so that a row and its member cannot disagree.
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

/* The same for a type that the tool brings itself, checked against the member's C type. */
#define CLI_ARG_OF(T, field, C, type_, meta_, help_, ...)                                          \
	{                                                                                          \
		.name = #field, .meta = (meta_), .help = (help_), .offset = offsetof(T, field),    \
		.type = _Generic(((T *)0)->field, C                                                \
				 : (type_)),                                                       \
		__VA_ARGS__                                                                        \
	}

#define CLI_DEPTH 4

/* A command line that was understood: the rows from the tool down, and the leaf's arguments. */
struct cli_call {
	const struct cli_cmd *path[CLI_DEPTH];
	unsigned int depth;
	bool help; /* asked for help on the last row of the path */
	void *args;
};

/*
 * Finds the command and fills its arguments.
 * @root: the tool's own row. @words: not copied; the arguments point into them.
 * @call: filled as far as the words were understood, also on failure; release it.
 * Returns 0 or the errno of a usage error.
 */
int cli_parse(const struct cli_cmd *root, char **words, size_t count, struct cli_call *call,
	      struct err *err);
void cli_call_release(struct cli_call *call);

/* Whether the argument is a keyword alone, whose bool says that it was there. */
static inline bool cli_is_flag(const struct cli_arg *arg)
{
	return arg->type == &cli_type_flag;
}

/* How many words the keyword takes up, with its value. */
static inline size_t cli_arg_words(const struct cli_arg *arg)
{
	return cli_is_flag(arg) ? 1 : 2 + arg->type->more;
}

/*
 * How many words an argument with CLI_MANY takes: all, but keywords without a value at their end;
 * with CLI_UNTIL those before the first keyword. The first word is always taken, so that a device
 * may be called like a keyword.
 */
size_t cli_many_words(const struct cli_cmd *cmd, const struct cli_arg *arg, char **words,
		      size_t count);

/* Refuses a word that is longer than any that a kernel keeps: a usage error. */
int cli_check_length(const struct cli_arg *arg, const char *word, struct err *err);

/*
 * Takes a line apart into words, as a shell does: blanks between them, quotes, backslashes, and a
 * comment from a word that begins with "#" on. Words are left in @line, which is changed.
 * @words: gets them, behind one that is left free for the tool's name, and a NULL at the end; free
 * its "words". Returns 0, -EINVAL with @err filled for a quote without an end, or -ENOMEM.
 */
int cli_split(char *line, struct cli_words *words, struct err *err);

/* Whether the end of a line is a comment to cli_split(), so that no backslash stands there. */
bool cli_ends_in_comment(const char *line);

/* The argument row with this keyword, or NULL. */
const struct cli_arg *cli_find_arg(const struct cli_cmd *cmd, const char *name);

/* Of several commands that a shortened word may mean: the matches, at most @size. */
size_t cli_find_commands(const struct cli_cmd *parent, const char *word,
			 const struct cli_cmd **found, size_t size);

/*
 * The usage of the last row of the path; of an object, which commands it has. @columns: of the
 * terminal that lines are to fit, in characters; 0: it is none.
 */
void cli_usage(const struct cli_call *call, unsigned int columns, FILE *out);

/* The usage of the last row of the path and of all below it, what it is for, arguments, examples.
 */
void cli_help(const struct cli_call *call, unsigned int columns, FILE *out);

/*
 * Prints what stands on the @left, in at least @width characters, and beside it the text @right, in
 * lines that fit and begin all in one column.
 */
void cli_print_row(FILE *out, int width, const char *left, const char *right, unsigned int columns);

/* Whether this word asks for help on @parent or what is named behind it. */
bool cli_is_help(const struct cli_cmd *parent, const char *word);

/*
 * Prints the candidates for the last of the words, one a line, as "WORD" or "WORD\tDESCRIPTION".
 * Words that make no sense give none. A line without a word says something to the shell:
 */
#define CLI_SAY_FILES  "\tfiles"   /* files may stand here, too, which it knows to find */
#define CLI_SAY_MORE   "\tmore"	   /* a candidate is no whole word: no blank belongs behind it */
#define CLI_SAY_WANTED "\twanted " /* and what belongs here, for people to read */
#define CLI_FILE_WORD  "file:"	   /* a candidate behind which the name of a file goes on */
void cli_complete(const struct cli_cmd *root, char **words, size_t count, void *app, FILE *out);

/* Prints one candidate; not what a terminal must not get, which no shell could complete. */
void cli_offer(FILE *out, const char *word, const char *format, ...) _printf_(3, 4);

/* The word behind @keyword among those of a line that is being typed, or NULL. */
const char *cli_value_of(const struct cli_words *line, const char *keyword);

/*
 * Looks for contradictions in the table: names twice, missing help, required after optional.
 * Prints each to @out and returns how many there were; adds the rows it saw to *@visited.
 */
unsigned int cli_check(const struct cli_cmd *root, FILE *out, unsigned int *visited);

#endif
