/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the command table: its check of itself, flags, completion. */
#include "test.h"

#include "vdpa/cmd/commands.h"

static FILE *nowhere;

static int run(void *app, const void *args, struct err *err)
{
	(void)app;
	(void)args;
	(void)err;
	return 0;
}

struct args {
	const char *a, *b;
	struct cli_words words;
	bool flag, other;
};

static void the_real_table(void)
{
	unsigned int visited = 0;

	CHECK(cli_check(&vdpa_root, stdout, &visited) == 0);
	CHECK(visited > 20);
}

static unsigned int complaints(const struct cli_cmd *leaf)
{
	const struct cli_cmd sub[] = { *leaf, { 0 } };
	const struct cli_cmd root = { .name = "root", .help = "Root.", .sub = sub };
	unsigned int visited = 0;

	return cli_check(&root, nowhere, &visited);
}

#define LEAF(...)                                                                                  \
	&(const struct cli_cmd)                                                                    \
	{                                                                                          \
		.name = "leaf", .help = "Leaf.", .size = sizeof(struct args), .run = run,          \
		__VA_ARGS__                                                                        \
	}
#define ROW(field, ...) CLI_ARG(struct args, field, "X", "help", __VA_ARGS__)
#define FLAG(field)	CLI_ARG(struct args, field, NULL, "help", .flags = 0)

static void a_sound_leaf(void)
{
	static const struct cli_arg args[] = { ROW(a, .flags = CLI_REQUIRED | CLI_POSITIONAL),
					       ROW(b, .min = 1, .max = 2),
					       { 0 } };

	CHECK(!complaints(LEAF(.args = args)));
}

static void broken_arguments(void)
{
	static const struct cli_arg late_positional[] = { ROW(a, .flags = 0),
							  ROW(b, .flags = CLI_POSITIONAL),
							  { 0 } };
	static const struct cli_arg late_required[] = { ROW(a, .flags = 0),
							ROW(b, .flags = CLI_REQUIRED),
							{ 0 } };
	static const struct cli_arg twice[] = { ROW(a, .flags = 0), ROW(a, .flags = 0), { 0 } };
	static const struct cli_arg helpless[] = { CLI_ARG(struct args, a, "X", "", .flags = 0),
						   { 0 } };
	static const struct cli_arg lower[] = { CLI_ARG(struct args, a, "x", "help", .flags = 0),
						{ 0 } };
	static const struct cli_arg empty_range[] = { ROW(a, .min = 3, .max = 2), { 0 } };
	static const struct cli_arg many[] = { ROW(a, .flags = CLI_MANY), { 0 } };
	static const struct cli_arg many_first[] = { ROW(a, .flags = CLI_MANY | CLI_POSITIONAL),
						     ROW(b, .flags = 0),
						     { 0 } };

	CHECK(complaints(LEAF(.args = late_positional)) == 1);
	CHECK(complaints(LEAF(.args = late_required)) == 1);
	CHECK(complaints(LEAF(.args = twice)) == 2);
	CHECK(complaints(LEAF(.args = helpless)) == 1);
	CHECK(complaints(LEAF(.args = lower)) == 1);
	CHECK(complaints(LEAF(.args = empty_range)) == 1);
	CHECK(complaints(LEAF(.args = many)) == 1);
	CHECK(complaints(LEAF(.args = many_first)) == 1);
}

static void broken_flags(void)
{
	static const struct cli_arg value[] = { CLI_ARG(struct args, flag, "X", "help", .flags = 0),
						{ 0 } };
	static const struct cli_arg required[] = {
		CLI_ARG(struct args, flag, NULL, "help", .flags = CLI_REQUIRED), { 0 }
	};

	CHECK(complaints(LEAF(.args = value)) == 1);
	CHECK(complaints(LEAF(.args = required)) == 1);
}

/*
 * Parses words, separated by blanks, as arguments of a command. Returns whether they were accepted.
 */
static bool parse(const struct cli_arg *rows, const char *text, struct args *args)
{
	const struct cli_cmd sub[] = { *LEAF(.args = rows), { 0 } };
	const struct cli_cmd root = { .name = "root", .help = "Root.", .sub = sub };
	char *words[16] = { (char *)"leaf" };
	_cleanup_free_ char *copy = strdup(text);
	struct cli_call call = { 0 };
	struct err err = { 0 };
	size_t count = 1;
	int ret;

	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[count++] = word;
	ret = cli_parse(&root, words, count, &call, &err);
	if (!ret)
		*args = *(const struct args *)call.args;
	cli_call_release(&call);
	return !ret;
}

static void flags(void)
{
	static const struct cli_arg rows[] = { ROW(a, .flags = CLI_POSITIONAL | CLI_NAMED),
					       FLAG(flag),
					       ROW(b, .flags = 0),
					       FLAG(other),
					       { 0 } };
	struct args args;

	CHECK(!complaints(LEAF(.args = rows)));
	CHECK(parse(rows, "dev flag b x other", &args) && args.flag && args.other && args.b);
	CHECK(parse(rows, "dev b x flag", &args) && args.flag && !args.other);
	CHECK(parse(rows, "dev", &args) && !args.flag);
	CHECK(parse(rows, "other flag", &args) && !args.a && args.flag && args.other);
	CHECK(parse(rows, "a dev flag", &args) && args.a && args.flag);
	/* A device that has the name of its own keyword. */
	CHECK(parse(rows, "a flag b x", &args) && args.a && args.flag && args.b);
	CHECK(!parse(rows, "dev flag flag", &args));
	CHECK(!parse(rows, "dev flag x", &args));
	CHECK(!parse(rows, "dev flag b", &args));
}

static void flags_behind_many(void)
{
	static const struct cli_arg rows[] = { ROW(words, .flags = CLI_POSITIONAL | CLI_REQUIRED |
								   CLI_MANY),
					       FLAG(flag),
					       FLAG(other),
					       { 0 } };
	struct args args;

	CHECK(!complaints(LEAF(.args = rows)));
	CHECK(parse(rows, "x y", &args) && args.words.count == 2 && !args.flag);
	CHECK(parse(rows, "x y flag", &args) && args.words.count == 2 && args.flag);
	CHECK(parse(rows, "x other flag", &args) && args.words.count == 1 && args.flag &&
	      args.other);
	/* A device that has the name of a flag comes first. */
	CHECK(parse(rows, "flag", &args) && args.words.count == 1 && !args.flag);
	CHECK(parse(rows, "flag x", &args) && args.words.count == 2 && !args.flag);
	CHECK(parse(rows, "flag flag", &args) && args.words.count == 1 && args.flag);
	CHECK(!parse(rows, "x flag flag", &args));
	CHECK(!parse(rows, "", &args));
}

/* Returns the candidates for the last word, with a comma after each. */
static bool offers(const struct cli_arg *rows, const char *text, const char *expected)
{
	const struct cli_cmd sub[] = { *LEAF(.args = rows), { 0 } };
	const struct cli_cmd root = { .name = "root", .help = "Root.", .sub = sub };
	char *words[16] = { (char *)"leaf" }, lines[256] = "", offered[256] = "";
	_cleanup_free_ char *copy = strdup(text);
	FILE *out = fmemopen(lines, sizeof(lines) - 1, "w");
	size_t count = 1;

	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[count++] = word;
	words[count++] = (char *)"";
	cli_complete(&root, words, count, NULL, out);
	fclose(out);
	/* Drop the descriptions. */
	for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n"))
		if (*line != '\t')
			snprintf(offered + strlen(offered), sizeof(offered) - strlen(offered),
				 "%.*s,", (int)strcspn(line, "\t"), line);
	return str_equal(offered, expected);
}

static void completion_of_flags(void)
{
	static const struct cli_arg rows[] = {
		ROW(a, .flags = CLI_REQUIRED), FLAG(flag), ROW(b, .flags = 0), { 0 }
	};
	static const struct cli_arg many[] = { ROW(words, .flags = CLI_POSITIONAL | CLI_REQUIRED |
								   CLI_MANY),
					       FLAG(flag),
					       FLAG(other),
					       { 0 } };

	CHECK(offers(rows, "", "a,flag,b,"));
	CHECK(offers(rows, "flag", "a,b,"));
	CHECK(offers(rows, "flag a", ""));
	CHECK(offers(rows, "a x flag", "b,"));
	CHECK(offers(rows, "a flag", "flag,b,"));
	CHECK(offers(many, "", ""));
	CHECK(offers(many, "x", "flag,other,"));
	CHECK(offers(many, "x flag", "other,"));
}

static void broken_commands(void)
{
	static const struct cli_cmd leaf = { .name = "leaf", .help = "Leaf.", .run = run };
	const struct cli_cmd same[] = { leaf, leaf, { 0 } };
	const struct cli_cmd root = { .name = "root", .help = "Root.", .sub = same };
	unsigned int visited = 0;

	CHECK(complaints(&(const struct cli_cmd){ .name = "leaf", .run = run }) == 1);
	CHECK(complaints(&(const struct cli_cmd){ .name = "leaf", .help = "Leaf." }) == 1);
	CHECK(complaints(&(const struct cli_cmd){ .name = "help", .help = "Help.", .run = run }) ==
	      1);
	CHECK(cli_check(&root, nowhere, &visited) == 1);
}

int main(void)
{
	static const struct test tests[] = {
		{ "vdpa's table has no contradiction", the_real_table },
		{ "a correct table gets no complaint", a_sound_leaf },
		{ "each mistake in an argument gets one", broken_arguments },
		{ "each mistake in a command gets one", broken_commands },
		{ "a flag that takes a value, or is required, gets one", broken_flags },
		{ "flags among keywords with values", flags },
		{ "flags after an argument of many words", flags_behind_many },
		{ "completion knows that a flag has no value", completion_of_flags },
	};

	nowhere = fopen("/dev/null", "w");
	return test_run(tests, ARRAY_SIZE(tests));
}
