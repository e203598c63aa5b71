/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the search for holders while processes end under it. */
#include "sys/holders.h"

#include "base/list.h"
#include "test.h"

#include <dirent.h>
#include <errno.h>

/* Replaces the C library's: it fails with this errno, as for a process that has just ended. */
static int failure;

DIR *fdopendir(int fd)
{
	(void)fd;
	errno = failure;
	return NULL;
}

static int collect(struct list *holders)
{
	bool complete;

	return holders_collect(1, holders, &complete);
}

static void processes_end(void)
{
	_cleanup_(list_clear) struct list holders = { 0 };

	failure = ENOENT;
	CHECK(!collect(&holders) && !holders.count);
	failure = ESRCH;
	CHECK(!collect(&holders) && !holders.count);
}

static void no_memory(void)
{
	_cleanup_(list_clear) struct list holders = { 0 };

	failure = ENOMEM;
	CHECK(collect(&holders) == -ENOMEM);
}

int main(void)
{
	const struct test tests[] = {
		{ "a process that ends while it is examined holds nothing", processes_end },
		{ "no memory is an error of its own", no_memory },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
