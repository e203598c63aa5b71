/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which word is suggested: single edits, how many are too many, and names of a series. */
#include "test.h"

#include "base/similar.h"

/* Returns the nearest of some words, or "". */
static const char *best_of(const char *typed, const char *const *words)
{
	struct similar similar;

	similar_init(&similar, typed, strlen(typed));
	for (; *words; words++)
		similar_try(&similar, *words);
	return similar.best ? similar.best : "";
}

static const char *const words[] = { "show", "add",	"del",	       "mgmtdev", "device_features",
				     "mac",  "max_vqp", "virtio_vdpa", "net",	  NULL };

static void one_edit(void)
{
	CHECK(str_equal(best_of("shwo", words), "show"));
	CHECK(str_equal(best_of("shw", words), "show"));
	CHECK(str_equal(best_of("shhow", words), "show"));
	CHECK(str_equal(best_of("snow", words), "show"));
	CHECK(str_equal(best_of("nett", words), "net"));
	CHECK(str_equal(best_of("mgmtdv", words), "mgmtdev"));
	CHECK(str_equal(best_of("MAC", words), "mac"));
	CHECK(str_equal(best_of("virtio-vdpa", words), "virtio_vdpa"));
}

static void several_edits(void)
{
	CHECK(str_equal(best_of("mgtmdv", words), "mgmtdev"));
	CHECK(str_equal(best_of("devcie_feature", words), "device_features"));
	CHECK(str_equal(best_of("mgmtdevice", words), "mgmtdev"));
	/* Two edits of a short word make another word. */
	CHECK(str_equal(best_of("shxy", words), ""));
	CHECK(str_equal(best_of("d", words), ""));
	CHECK(str_equal(best_of("nope", words), ""));
	CHECK(str_equal(best_of("", words), ""));
}

static void beginnings(void)
{
	CHECK(str_equal(best_of("device_f", words), "device_features"));
	CHECK(str_equal(best_of("max_", words), "max_vqp"));
	CHECK(str_equal(best_of("mg", words), ""));
}

static void the_nearest(void)
{
	static const char *const near[] = { "features", "feature", "featured", NULL };

	CHECK(str_equal(best_of("feature", near), "feature"));
	CHECK(str_equal(best_of("featuer", near), "feature"));
	/* The first of equally near words wins. */
	CHECK(str_equal(best_of("featur", near), "features"));
}

static void series(void)
{
	static const char *const names[] = { "net1", "vdpa-10", "disk", NULL };

	CHECK(str_equal(best_of("net2", names), ""));
	CHECK(str_equal(best_of("net12", names), ""));
	CHECK(str_equal(best_of("vdpa-1", names), ""));
	CHECK(str_equal(best_of("nte1", names), "net1"));
	CHECK(str_equal(best_of("disk1", names), ""));
	CHECK(str_equal(best_of("Disk", names), "disk"));
}

static void part_of_a_word(void)
{
	struct similar similar;

	similar_init(&similar, "MAX,MTU", 3);
	CHECK(similar_try(&similar, "MAC") && !similar_try(&similar, "MQ"));
	CHECK(str_equal(similar.best, "MAC"));
}

/* These are longer than all words of the tables, so they are not compared. */
static void long_words(void)
{
	char name[300], other[300];
	struct similar similar;

	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	memcpy(other, name, sizeof(name));
	other[0] = 'b';
	similar_init(&similar, name, strlen(name));
	CHECK(!similar_try(&similar, other));
	name[64] = other[64] = '\0';
	similar_init(&similar, name, strlen(name));
	CHECK(similar_try(&similar, other));
	other[64] = 'a';
	CHECK(!similar_try(&similar, other));
}

static void messages(void)
{
	struct similar similar;
	struct err err;

	similar_init(&similar, "shwo", 4);
	err_usage(&err, "unknown command 'shwo'");
	similar_suggest(&similar, &err);
	CHECK(str_equal(err.text, "unknown command 'shwo'"));
	similar_try(&similar, "show");
	similar_suggest(&similar, &err);
	CHECK(str_equal(err.text, "unknown command 'shwo'; did you mean 'show'?"));
	memset(err.text, 'x', sizeof(err.text) - 1);
	err.text[sizeof(err.text) - 1] = '\0';
	similar_suggest(&similar, &err);
	CHECK(strlen(err.text) == sizeof(err.text) - 1);
}

int main(void)
{
	const struct test tests[] = {
		{ "one edit: two letters swapped, one missing, one too many, or one wrong",
		  one_edit },
		{ "more edits in longer words, and none in the shortest", several_edits },
		{ "the beginning of a word", beginnings },
		{ "the nearest word, and the first of several", the_nearest },
		{ "names that differ only in their numbers are not suggested", series },
		{ "a part of a word", part_of_a_word },
		{ "words that are too long to compare", long_words },
		{ "the message, however long it is", messages },
	};

	return test_run(tests, ARRAY_SIZE(tests));
}
