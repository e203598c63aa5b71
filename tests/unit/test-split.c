/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests how a line is split into words. */
#include "test.h"

#include "cli/cli.h"

/* Splits a copy of @line and compares the words, joined by "|", with the expected ones. */
static bool splits(const char *line, const char *expected)
{
	_cleanup_free_ char *copy = strdup(line);
	char joined[256] = "";
	struct cli_words words;
	struct err err = { 0 };
	int ret = cli_split(copy, &words, &err);

	for (size_t i = 1; !ret && i < words.count; i++)
		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%s",
			 i > 1 ? "|" : "", words.words[i]);
	if (!ret && words.words[words.count])
		ret = -1;
	free(words.words);
	return expected ? !ret && str_equal(joined, expected) : ret && err.code;
}

static void blanks_and_comments(void)
{
	CHECK(splits("", ""));
	CHECK(splits("  \t ", ""));
	CHECK(splits("dev show", "dev|show"));
	CHECK(splits("\tdev  show \r", "dev|show"));
	CHECK(splits("# dev show", ""));
	CHECK(splits("dev #show", "dev"));
	CHECK(splits("dev sh#ow", "dev|sh#ow"));
	CHECK(splits("dev '#show'", "dev|#show"));
}

static void ends_in_comments(void)
{
	CHECK(cli_ends_in_comment("# dev show \\"));
	CHECK(cli_ends_in_comment("dev show # all \\"));
	CHECK(cli_ends_in_comment("dev 'sh#ow' #"));
	CHECK(!cli_ends_in_comment(""));
	CHECK(!cli_ends_in_comment("dev show \\"));
	CHECK(!cli_ends_in_comment("dev sh#ow \\"));
	CHECK(!cli_ends_in_comment("dev '#' \"# \\"));
	CHECK(!cli_ends_in_comment("dev \\# \\"));
}

static void quotes(void)
{
	CHECK(splits("'a b' \"c d\"", "a b|c d"));
	CHECK(splits("a' 'b\" \"c", "a b c"));
	CHECK(splits("'' \"\" x", "||x"));
	CHECK(splits("'it'\\''s'", "it's"));
	CHECK(splits("'a\\b' \"a\\b\" \"a\\\"b\" \"a\\\\b\"", "a\\b|a\\b|a\"b|a\\b"));
	CHECK(splits("a\\ b \\'c \\# \\\\", "a b|'c|#|\\"));
	CHECK(splits("a\\", "a\\"));
}

static void quotes_without_an_end(void)
{
	CHECK(splits("'", NULL));
	CHECK(splits("a \"b", NULL));
	CHECK(splits("\"a\\\"", NULL));
	CHECK(splits("'a' 'b", NULL));
}

/* The array of words must grow several times. */
static void many_words(void)
{
	const size_t count = 100000;
	_cleanup_free_ char *line = malloc(2 * count + 1);
	struct cli_words words;
	struct err err;

	for (size_t i = 0; i < count; i++)
		memcpy(line + 2 * i, "x ", 2);
	line[2 * count] = '\0';
	CHECK(!cli_split(line, &words, &err));
	CHECK(words.count == count + 1);
	CHECK(str_equal(words.words[count], "x"));
	CHECK(!words.words[count + 1]);
	free(words.words);
}

int main(void)
{
	static const struct test tests[] = {
		{ "blanks between words, and comments", blanks_and_comments },
		{ "lines that end in a comment", ends_in_comments },
		{ "quotes and backslashes", quotes },
		{ "quotes without an end", quotes_without_an_end },
		{ "many words", many_words },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
