/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the alignment of text in columns. */
#include "test.h"

#include "out/columns.h"

#include <locale.h>

#define CELL  "\x1c"
#define BREAK "\x1d"

static bool lays_out(const char *text, unsigned int width, const char *expected)
{
	size_t length = 0;
	_cleanup_free_ char *result = columns_lay_out(text, strlen(text), width, &length);

	if (result && length == strlen(expected) && !memcmp(result, expected, length))
		return true;
	printf("# got:\n%s# instead of:\n%s", result ? result : "(nothing)\n", expected);
	return false;
}

static void rows(void)
{
	CHECK(lays_out("", 80, ""));
	CHECK(lays_out("a:" CELL "type net" CELL "vqs 3\n", 80, "a: type net vqs 3\n"));
	CHECK(lays_out("a:" CELL "type net" CELL "vqs 3\nlong:" CELL "type block" CELL "vqs 1\n",
		       80, "a:    type net   vqs 3\nlong: type block vqs 1\n"));
	CHECK(lays_out("  set" BREAK "A" CELL "x 1\n  set" BREAK "A" BREAK "B" CELL "x 1\n", 80,
		       "  set A   x 1\n  set A B x 1\n"));
	/* The only name is not padded, and nothing follows it. */
	CHECK(lays_out("a:" CELL "\n  x 1\nlong:" CELL "y 1\n", 80, "a: \n  x 1\nlong: y 1\n"));
}

/* Cells with other first words are other columns, and so are those of indented lines. */
static void kinds(void)
{
	CHECK(lays_out("a:" CELL "mac 02:00" CELL "mtu 1\nb:" CELL "capacity 1" CELL "flush true\n",
		       80, "a: mac 02:00 mtu 1\nb: capacity 1 flush true\n"));
	CHECK(lays_out("a:" CELL "x 1" CELL "y 2\n  x 1" CELL "y 2\n  x 100" CELL "y 2\n", 80,
		       "a: x 1 y 2\n  x 1   y 2\n  x 100 y 2\n"));
}

static void widths(void)
{
	CHECK(lays_out("\xc3\xa4:" CELL "x\nab:" CELL "x\n", 80, "\xc3\xa4:  x\nab: x\n"));
	CHECK(lays_out("\033[1;36ma\033[0m:" CELL "x\nab:" CELL "x\n", 80,
		       "\033[1;36ma\033[0m:  x\nab: x\n"));
}

/* Another machine's C library, under an emulator, may be unable to read this machine's locales. */
static bool has_locale(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	if (locale)
		freelocale(locale);
	return locale;
}

static void cells(void)
{
	if (!has_locale()) {
		CHECK(lays_out("\xe5\x9b\xbd:" CELL "x\nab:" CELL "x\n", 80,
			       "\xe5\x9b\xbd:  x\nab: x\n"));
		return;
	}
	/* East Asian characters take two cells, and combining ones none. */
	CHECK(lays_out("\xe5\x9b\xbd:" CELL "x\nabcd:" CELL "x\n", 80,
		       "\xe5\x9b\xbd:   x\nabcd: x\n"));
	CHECK(lays_out("a\xcc\x88:" CELL "x\nab:" CELL "x\n", 80, "a\xcc\x88:  x\nab: x\n"));
	CHECK(lays_out("\033[1;36m\xe5\x9b\xbd\033[0m:" CELL "x\nabc:" CELL "x\n", 80,
		       "\033[1;36m\xe5\x9b\xbd\033[0m:  x\nabc: x\n"));
}

static void long_lines(void)
{
	CHECK(lays_out("  set" BREAK "A" BREAK "BB" BREAK "CCC" BREAK "D\n", 10,
		       "  set A BB\n      CCC\n      D\n"));
	CHECK(lays_out("a:" CELL "first 1" CELL "second 2\n", 12, "a: first 1\n    second 2\n"));
	/* A word that fits on no line stays where it is. */
	CHECK(lays_out("  set" BREAK "ABCDEFGHIJKLM" BREAK "N\n", 10,
		       "  set ABCDEFGHIJKLM\n      N\n"));
}

/* The number of different cells that the kernel may cause is not limited. */
static void many_kinds(void)
{
	_cleanup_free_ char *text = NULL;
	size_t length, result_length;
	FILE *file = open_memstream(&text, &length);

	for (int i = 0; i < 500; i++)
		fprintf(file, "a:" CELL "k%d 1" CELL "x" CELL CELL "\n", i);
	fclose(file);
	free(columns_lay_out(text, length, 1, &result_length));
	CHECK(result_length > length);
}

int main(void)
{
	static const struct test tests[] = {
		{ "cells with the same first word are aligned", rows },
		{ "cells with other first words are not", kinds },
		{ "characters are counted, not bytes or colors", widths },
		{ "wide characters take two cells, combining ones none", cells },
		{ "long lines are broken at their marks", long_lines },
		{ "more kinds of cells than there are columns", many_kinds },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
