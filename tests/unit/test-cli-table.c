/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"

#include "../../vdpa/commands.h"

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
		{ "vdpa's table contradicts itself nowhere", the_real_table },
		{ "a sound table gives no complaint", a_sound_leaf },
		{ "each mistake in arguments gives one", broken_arguments },
		{ "each mistake in commands gives one", broken_commands },
	};

	nowhere = fopen("/dev/null", "w");
	return test_run(tests, ARRAY_SIZE(tests));
}
