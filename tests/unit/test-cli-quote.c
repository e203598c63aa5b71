/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that quoted words are read back unchanged. */
#include "test.h"

#include "cli/cli-quote.h"
#include "cli/cli.h"

/*
 * Quotes @word on a line and splits the line again. @after: the rest of the line. Returns whether
 * the word came back unchanged.
 */
static bool comes_back(const char *word, const char *after)
{
	_cleanup_free_ char *line = NULL;
	struct cli_words words = { 0 };
	struct err err = { 0 };
	size_t size = 0;
	FILE *memory = open_memstream(&line, &size);
	bool same;

	fputs("dev ", memory);
	cli_quote(word, memory);
	fputs(after, memory);
	fclose(memory);
	same = !cli_ends_in_comment(line) && !cli_split(line, &words, &err) && words.count >= 3 &&
	       str_equal(words.words[1], "dev") && str_equal(words.words[2], word);
	free(words.words);
	return same;
}

static bool comes_back_anywhere(const char *word)
{
	return comes_back(word, "") && comes_back(word, " mtu 9000") && comes_back(word, "\t'x'");
}

static void each_byte(void)
{
	for (int byte = 1; byte < 256; byte++) {
		const char alone[] = { (char)byte, '\0' }, first[] = { (char)byte, 'a', '\0' };
		const char last[] = { 'a', (char)byte, '\0' };
		const char twice[] = { 'a', (char)byte, (char)byte, 'b', '\0' };

		if (byte == '\n')
			continue;
		CHECK(comes_back_anywhere(alone));
		CHECK(comes_back_anywhere(first));
		CHECK(comes_back_anywhere(last));
		CHECK(comes_back_anywhere(twice));
	}
}

static void each_pair(void)
{
	static const char special[] = "'\"\\# \t\r-$`*?~!&|;<>(){}[]=a";

	for (size_t i = 0; special[i]; i++) {
		for (size_t j = 0; special[j]; j++) {
			const char pair[] = { special[i], special[j], '\0' };
			const char inside[] = { 'x', special[i], special[j], 'x', '\0' };

			CHECK(comes_back_anywhere(pair));
			CHECK(comes_back_anywhere(inside));
		}
	}
}

static void whole_words(void)
{
	char longest[256];

	memset(longest, '\'', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CHECK(comes_back_anywhere(""));
	CHECK(comes_back_anywhere("#all"));
	CHECK(comes_back_anywhere("--"));
	CHECK(comes_back_anywhere("-f"));
	CHECK(comes_back_anywhere("it's"));
	CHECK(comes_back_anywhere("\xc3\xa9t\xc3\xa9"));
	CHECK(comes_back_anywhere("\xef\xbb\xbfmark"));
	CHECK(comes_back_anywhere("\xff\xfe"));
	CHECK(comes_back_anywhere(longest));
}

/* Words that need no quotes get none, so that a saved file is easy to read. */
static void plain_words(void)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);

	cli_quote("pci/0000:65:00.2", memory);
	cli_quote("a b", memory);
	fclose(memory);
	CHECK(str_equal(text, "pci/0000:65:00.2'a b'"));
}

int main(void)
{
	static const struct test tests[] = {
		{ "each byte, at the start, at the end and inside", each_byte },
		{ "each pair of bytes that mean something", each_pair },
		{ "whole words", whole_words },
		{ "plain words have no quotes", plain_words },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
