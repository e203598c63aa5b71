/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that text is built, joined and cut as its header says. */
#include "base/text.h"

#include "base/err.h"
#include "test.h"

static void joins(void)
{
	char bytes[32];
	struct text text = text_begin(bytes, sizeof(bytes));

	CHECK(!bytes[0] && !text.length);
	text_join(&text, ", ", "%s", "one");
	text_join(&text, ", ", "%d", 2);
	text_add(&text, "%s", "!");
	CHECK(str_equal(bytes, "one, 2!") && text.length == 7 && !text.cut);
}

static void continues(void)
{
	char bytes[16] = "ab";
	struct text text = text_continue(bytes, sizeof(bytes));

	text_add(&text, "c");
	CHECK(str_equal(bytes, "abc") && text.length == 3);
}

static void cuts(void)
{
	char bytes[8];
	struct text text = text_begin(bytes, sizeof(bytes));

	text_add(&text, "1234567");
	CHECK(!text.cut);
	text_add(&text, "8");
	text_join(&text, ", ", "9");
	CHECK(text.cut && text.length == 7 && str_equal(bytes, "1234567"));
	text = text_begin(bytes, 1);
	text_add(&text, "x");
	CHECK(text.cut && !text.length && !bytes[0]);
}

static void appends_to_errors(void)
{
	struct err err;

	err_set(&err, 5, "add 'a': why");
	err_append(&err, "; %s", "and more");
	CHECK(str_equal(err.text, "add 'a': why; and more"));
	for (int i = 0; i < 200; i++)
		err_append(&err, "%s", "1234567890");
	CHECK(strlen(err.text) == sizeof(err.text) - 1);
}

int main(void)
{
	const struct test tests[] = {
		{ "items are joined by a separator", joins },
		{ "what is there already stays", continues },
		{ "what does not fit is cut, and the text is ended", cuts },
		{ "an error's text grows up to its size", appends_to_errors },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
