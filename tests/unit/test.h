/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_H
#define TEST_H

#include <stdio.h>

/*
 * A unit test is a function with checks; the first failed check ends it. The program prints a line
 * for each test in the form of the Test Anything Protocol (TAP).
 */
struct test {
	const char *name;
	void (*run)(void);
};

static const char *test_failure;
static int test_line;

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			test_failure = #condition;                                                 \
			test_line = __LINE__;                                                      \
			return;                                                                    \
		}                                                                                  \
	} while (0)

static inline int test_run(const struct test *tests, size_t count)
{
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		test_failure = NULL;
		tests[i].run();
		printf("%sok %zu - %s\n", test_failure ? "not " : "", i + 1, tests[i].name);
		if (test_failure)
			printf("# line %d: %s\n", test_line, test_failure);
		failed |= test_failure != NULL;
	}
	printf("1..%zu\n", count);
	return failed;
}

#endif
