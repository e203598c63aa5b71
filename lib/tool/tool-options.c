/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the options that all commands share. */
#include "base/similar.h"
#include "base/text.h"
#include "tool-internal.h"

#include <getopt.h>
#include <unistd.h>

struct option_row {
	const char *name; /* the long option */
	const char *help;
	const char *meta; /* placeholder for its value, or NULL */
	char letter;	  /* the short option, if it is not the first letter of the long one */
	bool optional;	  /* its value is optional */
	/* The possible values of an optional one; NULL: a file name. */
	const char *const *words;
	size_t offset; /* in struct options, of a bool, or with meta of a const char * */
};

#define FLAG(name_, member, help_)                                                                 \
	{                                                                                          \
		.name = (name_), .help = (help_), .offset = offsetof(struct options, member)       \
	}

static const char *const color_words[] = { "auto", "always", "never", NULL };

static const struct option_row option_rows[] = {
	FLAG("Version", version, "print the version"),
	FLAG("help", help, "print help on the command"),
	FLAG("json", json, "print JSON"),
	FLAG("pretty", pretty, "with -j: indent it"),
	FLAG("details", details, "print more"),
	FLAG("oneline", oneline, "print each record on one line"),
	{ .name = "human-readable",
	  .letter = 'H',
	  .help = "print sizes and times as in 1.5 MiB; not with -j",
	  .offset = offsetof(struct options, human) },
	FLAG("numeric", numeric, "print numbers instead of names"),
	FLAG("timestamp", timestamp, "print the time of each event"),
	FLAG("force", force, "do what is refused as dangerous; with -b: continue after a failure"),
	{ .name = "batch",
	  .meta = "FILE",
	  .help = "run the commands in FILE, one on each line; - is standard input",
	  .offset = offsetof(struct options, batch) },
	{ .name = "color",
	  .meta = "auto|always|never",
	  .optional = true,
	  .words = color_words,
	  .help = "print names and states in color; without a value: always",
	  .offset = offsetof(struct options, color) },
};

static int option_letter(const struct option_row *row)
{
	return row->letter ? row->letter : row->name[0];
}

static const struct option_row *find_option(int letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		if (option_letter(&option_rows[i]) == letter)
			return &option_rows[i];
	return NULL;
}

void options_print(unsigned int columns, FILE *out)
{
	fputs("\nOptions, anywhere on the line:\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		const char *before = "", *after = "";
		char left[64];

		if (row->meta) {
			before = row->optional ? "[=" : " ";
			after = row->optional ? "]" : "";
		}
		snprintf(left, sizeof(left), "-%c, --%s%s%s%s", option_letter(row), row->name,
			 before, row->meta ? row->meta : "", after);
		cli_print_row(out, 35, left, row->help, columns);
	}
}

void options_print_short(unsigned int columns, FILE *out)
{
	char buffer[512];
	struct text text = text_begin(buffer, sizeof(buffer));

	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		const char *before = !row->meta ? "" : row->optional ? "[=" : "=";

		text_join(&text, " ", "-%c/--%s%s%s%s", option_letter(row), row->name, before,
			  row->meta ? row->meta : "", row->optional ? "]" : "");
	}
	fputs("\nOptions: ", out);
	cli_print_folded(out, buffer, strlen("Options: "), columns);
}

/* Completes an option and its value in one word. @option: with its "=". */
static void complete_whole(const struct option_row *row, const char *option, const char *typed,
			   FILE *out)
{
	if (!str_starts(typed, option))
		return;
	if (!row->words)
		options_complete_value(row, out);
	for (const char *const *word = row->words; word && *word; word++)
		if (str_starts(*word, typed + strlen(option)))
			fprintf(out, "%s%s\t%s\n", option, *word, row->help);
}

void options_complete(const char *typed, FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		char option[32];

		snprintf(option, sizeof(option), "-%c", option_letter(row));
		if (str_starts(option, typed))
			fprintf(out, "%s\t%s\n", option, row->help);
		snprintf(option, sizeof(option), "--%s", row->name);
		if (str_starts(option, typed))
			fprintf(out, "%s\t%s\n", option, row->help);
		if (row->meta) {
			snprintf(option, sizeof(option), "--%s=", row->name);
			complete_whole(row, option, typed, out);
		}
		if (row->optional) {
			snprintf(option, sizeof(option), "-%c=", option_letter(row));
			complete_whole(row, option, typed, out);
		}
	}
}

void options_complete_value(const struct option_row *row, FILE *out)
{
	fprintf(out, CLI_SAY_FILES "\n" CLI_SAY_WANTED "%s\n", row->help);
}

static int set_color(const char *word, struct options *options, struct err *err)
{
	for (const char *const *color = color_words; *color; color++) {
		if (str_equal(word, *color)) {
			options->color = *color;
			return 0;
		}
	}
	return err_usage(err, "--color must be auto, always or never, not '%s'", word);
}

/*
 * Letters that follow -c without a "=" are further options of the bundle; getopt takes them for its
 * value.
 */
static int take_bundle(const char *letters, struct options *options, struct err *err)
{
	options->color = "always";
	for (; *letters; letters++) {
		const struct option_row *row = find_option(*letters);

		if (!row || row->meta)
			return err_usage(err, "unknown option '-%c'", *letters);
		*(bool *)((char *)options + row->offset) = true;
	}
	return 0;
}

/* @value: of the option, or NULL. @is_long: it was given as --NAME=VALUE. */
static int take_option(const struct option_row *row, const char *value, bool is_long,
		       struct options *options, struct err *err)
{
	void *member = (char *)options + row->offset;

	if (!row->meta) {
		*(bool *)member = true;
		return 0;
	}
	if (!row->optional && *(const char **)member)
		return err_usage(err, "option -%c is given twice", option_letter(row));
	if (!row->optional) {
		*(const char **)member = value;
		return 0;
	}
	if (value && !is_long && *value != '=')
		return take_bundle(value, options, err);
	return set_color(value ? value + !is_long : "always", options, err);
}

static int has_arg(const struct option_row *row)
{
	if (!row->meta)
		return no_argument;
	return row->optional ? optional_argument : required_argument;
}

/* Describes the rows to getopt: letters, and long names with the same meaning. */
static void describe_options(char *letters, struct option *longs)
{
	static const char *const colons[] = {
		[no_argument] = "", [required_argument] = ":", [optional_argument] = "::"
	};

	/*
	 * A leading dash makes getopt return other words in their order, wherever they are. The
	 * colon distinguishes a missing value from an unknown option.
	 */
	letters = stpcpy(letters, "-:");
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];

		*letters++ = option_letter(row);
		letters = stpcpy(letters, colons[has_arg(row)]);
		*longs++ = (struct option){ row->name, has_arg(row), NULL, option_letter(row) };
	}
	*letters = '\0';
	*longs++ = (struct option){ "version", no_argument, NULL, 'V' };
	*longs = (struct option){ 0 };
}

/* Returns the long option that was probably meant, with one dash or two, or NULL. */
static const char *find_similar(const char *word)
{
	const char *name = word + strspn(word, "-");
	struct similar similar;

	similar_init(&similar, name, strcspn(name, "="));
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		similar_try(&similar, option_rows[i].name);
	return similar.best;
}

static int unknown_option(const char *word, struct err *err)
{
	const bool is_long = word[1] == '-';
	const char letter[] = { '-', (char)optopt, '\0' }, *meant = find_similar(word);

	/* getopt knows this option, so only its value is wrong. */
	if (is_long && optopt)
		return err_usage(err, "option --%s takes no value", find_option(optopt)->name);
	if (meant)
		return err_usage(err, "unknown option '%s'; did you mean '--%s'?", word, meant);
	return err_usage(err, "unknown option '%s'", is_long ? word : letter);
}

static int missing_value(int letter, struct options *options, struct err *err)
{
	options->unfinished = find_option(letter);
	return err_usage(err, "option -%c needs a value", letter);
}

/*
 * Stores the option that getopt found in @word. Returns 0 or the negative errno of a usage error.
 */
static int take_found(int letter, bool is_long, const char *word, struct options *options,
		      struct err *err)
{
	if (letter == ':')
		return missing_value(optopt, options, err);
	if (letter == '?')
		return unknown_option(word, err);
	return take_option(find_option(letter), optarg, is_long, options, err);
}

/* Most lines of a batch have no options, and getopt takes long to prepare. */
static bool are_all_words(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-')
			return false;
	return true;
}

int options_parse(int argc, char **argv, struct options *options, size_t *count, struct err *err)
{
	char letters[3 * ARRAY_SIZE(option_rows) + 3];
	struct option longs[ARRAY_SIZE(option_rows) + 2];
	struct err later;
	int ret = 0;

	if (argc > 0 && are_all_words(argc, argv)) {
		options->ended = false;
		*count = (size_t)argc - 1;
		memmove(argv, argv + 1, *count * sizeof(*argv));
		return 0;
	}
	describe_options(letters, longs);
	opterr = 0;
	/* 0 restarts getopt after an earlier line. */
	optind = 0;
	*count = 0;
	for (;;) {
		const char *word = optind < argc ? argv[optind ? optind : 1] : "";
		int index = -1, letter = getopt_long(argc, argv, letters, longs, &index);
		int taken = 0;

		if (letter < 0)
			break;
		if (letter == 1)
			argv[(*count)++] = optarg;
		else
			taken = take_found(letter, index >= 0, word, options, ret ? &later : err);
		ret = ret ? ret : taken;
	}
	options->ended = !ret && optind > 1 && str_equal(argv[optind - 1], "--");
	while (!ret && optind < argc)
		argv[(*count)++] = argv[optind++];
	return ret;
}

static bool use_color(const char *when)
{
	const char *no_color = getenv("NO_COLOR");

	if (!when || str_equal(when, "never"))
		return false;
	if (str_equal(when, "always"))
		return true;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

void options_apply(struct app *app, const struct options *options)
{
	app->caller.force = options->force;
	app->caller.details = options->details;
	app->out = (struct out_options){
		.json = options->json,
		.pretty = options->pretty,
		.oneline = options->oneline,
		.numeric = options->numeric,
		.details = options->details,
		.timestamp = options->timestamp,
		.color = use_color(options->color),
		.human = options->human,
	};
}
