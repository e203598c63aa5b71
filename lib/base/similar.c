/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the known word that is nearest to a mistyped one. */
#include "base/similar.h"

#include <ctype.h>
#include <stdio.h>

/*
 * No word of a table is longer. Comparing longer names would cost more than the suggestion helps.
 */
#define WORD_MAX 64

/* More edits than two words of this length can need. */
#define TOO_MANY (WORD_MAX + 1)

void similar_init(struct similar *similar, const char *typed, size_t length)
{
	*similar = (struct similar){ .typed = typed, .length = length, .edits = TOO_MANY };
}

/* Upper and lower case are easily confused, and so are hyphens and underscores. */
static char fold(char c)
{
	return c == '_' ? '-' : (char)tolower((unsigned char)c);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool are_equal(const char *a, size_t a_length, const char *b, size_t b_length)
{
	if (a_length != b_length)
		return false;
	while (a_length-- > 0)
		if (fold(a[a_length]) != fold(b[a_length]))
			return false;
	return true;
}

/*
 * Returns whether two names differ only in their numbers. Both then belong to one series, such as
 * eth0 and eth1, and the one is not a mistyped form of the other.
 */
static bool are_of_series(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a_length && is_digit(a[i]))
			i++;
		while (j < b_length && is_digit(b[j]))
			j++;
		if (i == a_length || j == b_length)
			return i == a_length && j == b_length;
		if (fold(a[i++]) != fold(b[j++]))
			return false;
	}
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * Counts how many characters must be inserted, dropped, replaced, or swapped with their neighbour
 * to turn one word into the other: the distance of Damerau and Levenshtein in the form that edits
 * no part twice. Lengths are at most WORD_MAX.
 */
static unsigned int count_edits(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned int rows[3][WORD_MAX + 1];
	unsigned int *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_length; j++)
		above[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned int *oldest = before;

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			bool same = fold(a[i - 1]) == fold(b[j - 1]);

			row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = oldest;
	}
	return above[b_length];
}

/* In a short word each letter matters more, so fewer edits are allowed. */
static unsigned int most_edits(size_t length)
{
	return length < 2 ? 0 : length < 5 ? 1 : length < 8 ? 2 : 3;
}

/* The beginning of a word counts as one mistake if it is long enough to say something. */
static unsigned int edits_to(const struct similar *similar, const char *candidate, size_t length)
{
	const size_t typed = similar->length;

	if (are_equal(similar->typed, typed, candidate, length))
		return 0;
	if (are_of_series(similar->typed, typed, candidate, length))
		return TOO_MANY;
	if (typed >= 3 && typed < length && are_equal(similar->typed, typed, candidate, typed))
		return 1;
	return count_edits(similar->typed, typed, candidate, length);
}

bool similar_try(struct similar *similar, const char *candidate)
{
	const size_t length = strlen(candidate);
	unsigned int edits;

	if (similar->length > WORD_MAX || length > WORD_MAX)
		return false;
	edits = edits_to(similar, candidate, length);
	/* With that many edits, nothing of the candidate would be left. */
	if (edits >= similar->edits || edits > most_edits(similar->length) || edits >= length)
		return false;
	similar->edits = edits;
	similar->best = candidate;
	return true;
}

void similar_suggest(const struct similar *similar, struct err *err)
{
	if (similar->best)
		err_append(err, "; did you mean '%s'?", similar->best);
}
