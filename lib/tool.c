/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool.h"

#include "escape.h"
#include "patience.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

/* What the options say, before a command is known. */
struct options {
	bool version, help, json, pretty, details, oneline, numeric, force;
	const char *color; /* NULL, or one of the words below */
};

struct option_row {
	const char *name; /* the long one; its first letter in either case is the short one */
	const char *meta; /* of the value that it may have, or NULL */
	const char *help;
	size_t offset; /* in struct options: of a bool, or with meta of a const char * */
};

static const struct option_row option_rows[] = {
	{ "Version", NULL, "print the version", offsetof(struct options, version) },
	{ "help", NULL, "print help on what is named", offsetof(struct options, help) },
	{ "json", NULL, "print JSON", offsetof(struct options, json) },
	{ "pretty", NULL, "with -j: print it in lines", offsetof(struct options, pretty) },
	{ "details", NULL, "print more", offsetof(struct options, details) },
	{ "oneline", NULL, "print each record on one line", offsetof(struct options, oneline) },
	{ "numeric", NULL, "print numbers instead of names", offsetof(struct options, numeric) },
	{ "force", NULL, "do what is refused as dangerous", offsetof(struct options, force) },
	{ "color", "auto|always|never", "colour names; alone it means always",
	  offsetof(struct options, color) },
};

static int option_letter(const struct option_row *row)
{
	return row->name[0];
}

static const struct option_row *find_option(int letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		if (option_letter(&option_rows[i]) == letter)
			return &option_rows[i];
	return NULL;
}

static void print_options(FILE *out)
{
	fputs("\nOptions, anywhere on the line:\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		char left[64];

		snprintf(left, sizeof(left), "-%c, --%s%s%s%s", option_letter(row), row->name,
			 row->meta ? "[=" : "", row->meta ? row->meta : "", row->meta ? "]" : "");
		fprintf(out, "  %-35s %s\n", left, row->help);
	}
}

/* Errors */

static void print_escaped(const char *text)
{
	_cleanup_free_ char *safe = escape(text, ESCAPE_FOR_TERMINAL);

	fputs(safe ? safe : "(not enough memory)", stderr);
}

static void print_message(const struct app *app, const char *text, const char *hint)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", app->root->name);
	print_escaped(text);
	fputc('\n', stderr);
	if (*hint) {
		fputs("hint: ", stderr);
		print_escaped(hint);
		fputc('\n', stderr);
	}
	fflush(stderr);
}

/* A message in one write: those of several processes do not mix. */
static void buffer_stderr(void)
{
	static char buffer[BUFSIZ];

	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
}

void tool_report(struct app *app, const struct err *err)
{
	print_message(app, err->text, err->hint);
	if (!app->status)
		app->status = err_exit_status(err);
}

void tool_warn(struct app *app, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_message(app, text, "");
}

/* The command that runs, for the message of a call that the kernel does not come back from. */
struct running {
	const struct app *app;
	char **words;
	size_t count;
};

static void say_late(void *data)
{
	const struct running *running = data;
	char text[1024] = "";

	for (size_t i = 0; i < running->count; i++) {
		size_t length = strlen(text);

		snprintf(text + length, sizeof(text) - length, " %s", running->words[i]);
	}
	fprintf(stderr, "%s: still waiting for the kernel:", running->app->root->name);
	print_escaped(text);
	fputs("\nhint: Ctrl-C stops waiting, not the kernel; another command may be in its way\n",
	      stderr);
	fflush(stderr);
}

/* Output */

void tool_out(struct app *app, struct out *out, const char *key, enum out_shape shape)
{
	/* The document has a buffer of its own. */
	setvbuf(stdout, NULL, _IONBF, 0);
	out_open(out, &app->out, stdout, key, shape);
}

/* A file that the command opens must not become the standard output of a caller without one. */
static bool hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return false;
	return true;
}

static void close_stdout(struct app *app)
{
	bool failed = ferror(stdout);
	struct err err = { 0 };

	errno = 0;
	failed |= fclose(stdout) != 0;
	if (!failed)
		return;
	err_set(&err, errno ? errno : EIO, "standard output: %s", err_words(errno ? errno : EIO));
	err.status = STATUS_FAILED;
	tool_report(app, &err);
}

/* Options */

static int set_color(const char *word, struct options *options, struct err *err)
{
	static const char *const words[] = { "auto", "always", "never" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (str_equal(word, words[i])) {
			options->color = words[i];
			return 0;
		}
	}
	return err_usage(err, "--color wants auto, always or never, not '%s'", word);
}

/*
 * @value: of the option, with the "=" that a short one has before it. Without it getopt took the
 * letters of a bundle for a value.
 */
static int take_option(const struct option_row *row, const char *value, struct options *options,
		       struct err *err)
{
	bool *flag = (bool *)((char *)options + row->offset);

	if (!row->meta) {
		*flag = true;
		return 0;
	}
	if (!value || *value == '=')
		return set_color(value ? value + 1 : "always", options, err);
	options->color = "always";
	for (; *value; value++) {
		row = find_option(*value);
		if (!row || row->meta)
			return err_usage(err, "there is no option -%c", *value);
		*(bool *)((char *)options + row->offset) = true;
	}
	return 0;
}

/* Tells getopt of the rows: letters, and long names with the same meaning. */
static void describe_options(char *letters, struct option *longs)
{
	/* A leading dash hands words over in their order, wherever they stand. */
	*letters++ = '-';
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];

		*letters++ = option_letter(row);
		if (row->meta)
			letters = stpcpy(letters, "::");
		*longs++ = (struct option){ row->name, row->meta ? optional_argument : no_argument,
					    NULL, option_letter(row) };
	}
	*letters = '\0';
	*longs++ = (struct option){ "version", no_argument, NULL, 'V' };
	*longs = (struct option){ 0 };
}

static int unknown_option(const char *word, struct err *err)
{
	if (word[1] != '-')
		return err_usage(err, "there is no option -%c", optopt);
	return err_usage(err, "there is no option %s, or it does not take a value", word);
}

/* Sorts @argv into @options and the words, which are moved to its front; *@count of them. */
static int parse_options(int argc, char **argv, struct options *options, size_t *count,
			 struct err *err)
{
	char letters[3 * ARRAY_SIZE(option_rows) + 2];
	struct option longs[ARRAY_SIZE(option_rows) + 2];
	int ret = 0;

	describe_options(letters, longs);
	opterr = 0;
	*count = 0;
	while (!ret) {
		const char *word = optind < argc ? argv[optind] : "";
		int index = -1, letter = getopt_long(argc, argv, letters, longs, &index);

		if (letter < 0)
			break;
		if (letter == 1)
			argv[(*count)++] = optarg;
		else if (letter == '?')
			ret = unknown_option(word, err);
		else if (index >= 0 && optarg)
			ret = set_color(optarg, options, err);
		else
			ret = take_option(find_option(letter), optarg, options, err);
	}
	/* What follows "--". */
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

static void apply_options(struct app *app, const struct options *options)
{
	app->force = options->force;
	app->out = (struct out_options){
		.json = options->json,
		.pretty = options->pretty,
		.oneline = options->oneline,
		.numeric = options->numeric,
		.details = options->details,
		.color = use_color(options->color),
	};
}

/* Commands */

static int run_call(struct app *app, const struct cli_call *call, struct err *err)
{
	const struct cli_cmd *last = call->path[call->depth - 1];

	if (!call->help)
		return last->run(app, call->args, err);
	cli_help(call, stdout);
	if (call->depth == 1)
		print_options(stdout);
	return 0;
}

/* Where the mistake is, from the object on: "dev add: ". */
static void add_path(const struct cli_call *call, struct err *err)
{
	char path[128] = "";

	for (unsigned int i = 1; i < call->depth; i++)
		snprintf(path + strlen(path), sizeof(path) - strlen(path), "%s%s", i > 1 ? " " : "",
			 call->path[i]->name);
	if (*path)
		err_context(err, "%s", path);
}

static void run_words(struct app *app, char **words, size_t count, bool help)
{
	struct running running = { .app = app, .words = words, .count = count };
	struct cli_call call = { .help = help };
	struct err err = { 0 };
	int ret;

	patience_announce(say_late, &running);
	ret = cli_parse(app->root, words, count, &call, &err);
	if (!ret)
		ret = run_call(app, &call, &err);
	if (ret && err_exit_status(&err) == STATUS_USAGE) {
		add_path(&call, &err);
		tool_report(app, &err);
		cli_usage(&call, stderr);
	} else if (ret && err.code) {
		tool_report(app, &err);
	}
	cli_call_release(&call);
}

static void complete(struct app *app, char **words, size_t count)
{
	size_t kept = 0;

	if (count && words[count - 1][0] == '-') {
		for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
			char option[32];

			snprintf(option, sizeof(option), "--%s", option_rows[i].name);
			if (str_starts(option, words[count - 1]))
				puts(option);
		}
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (words[i][0] != '-')
			words[kept++] = words[i];
	cli_complete(app->root, words, kept, app, stdout);
}

static void run(struct app *app, int argc, char **argv)
{
	struct options options = { 0 };
	struct err err = { 0 };
	size_t count;

	if (argc > 1 && str_equal(argv[1], "--complete")) {
		complete(app, argv + 2, argc - 2);
		return;
	}
	if (parse_options(argc, argv, &options, &count, &err)) {
		struct cli_call call = { .path = { app->root }, .depth = 1 };

		tool_report(app, &err);
		cli_usage(&call, stderr);
		return;
	}
	if (options.version) {
		printf("%s utility, vdpa-tools %s\n", app->root->name, VERSION);
		return;
	}
	apply_options(app, &options);
	run_words(app, argv, count, options.help);
}

int tool_main(struct app *app, int argc, char **argv)
{
	if (!hold_standard_streams())
		return STATUS_FAILED;
	buffer_stderr();
	/* A reader that went away, or a file at its limit, is a write error like any other. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	run(app, argc, argv);
	close_stdout(app);
	return app->status;
}
