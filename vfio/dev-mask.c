/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hides tokens, which are secrets, wherever words are echoed. */
#include "dev-mask.h"

#include "base/base.h"
#include "base/num.h"
#include "base/uuid.h"
#include "sys/sysfs.h"

#include <ctype.h>
#include <stdio.h>

#define MASK "****"

/* Characters that end a word; what stands between two of them may be a token. */
#define SEPARATORS " \t\r\n\"'`=,;()<>|&"

/* So many hexadecimal digits are taken for a token, and so many for a part of one. */
#define MANY_DIGITS 16
#define SOME_DIGITS 8

/* Digits of the largest 64-bit number: a longer one is no number of ours, but may be a token. */
#define NUMBER_DIGITS 20

struct counts {
	size_t decimal, letters, others; /* letters: a to f, in either case */
	bool hyphens;
};

static struct counts count(const char *text, size_t length)
{
	struct counts counts = { 0 };

	for (size_t i = 0; i < length; i++) {
		if (isdigit((unsigned char)text[i]))
			counts.decimal++;
		else if (isxdigit((unsigned char)text[i]))
			counts.letters++;
		else if (text[i] == '-')
			counts.hyphens = true;
		else
			counts.others += !strchr(":._{}[]", text[i]);
	}
	return counts;
}

/* A mistyped token is still a secret, so up to a quarter of the characters may be wrong. */
static bool is_hexadecimal(const struct counts *counts, size_t digits)
{
	return counts->decimal + counts->letters >= digits &&
	       counts->others * 3 <= counts->decimal + counts->letters;
}

static bool is_number(const struct counts *counts)
{
	return !counts->letters && !counts->hyphens && counts->decimal <= NUMBER_DIGITS;
}

/* The name of a mediated device is a UUID, but no secret. */
static bool is_device(const char *word, size_t length)
{
	char path[100];

	if (length != UUID_TEXT_SIZE - 1)
		return false;
	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%.*s", (int)length, word);
	return sysfs_exists(path);
}

/* Whether the whole word is hidden, whatever stands between its digits. */
static bool is_token(const char *word, size_t length)
{
	const struct counts counts = count(word, length);

	return is_hexadecimal(&counts, MANY_DIGITS) && !is_number(&counts) &&
	       !is_device(word, length);
}

/* Whether a part of a word looks like the first or the last group of a UUID. */
static bool is_part(const char *part, size_t length)
{
	const struct counts counts = count(part, length);

	return is_hexadecimal(&counts, SOME_DIGITS) && counts.decimal &&
	       (counts.letters || counts.hyphens) && !is_device(part, length);
}

/* Replaces @length bytes by the mask. Returns the end of the mask. */
static char *replace(char *text, size_t length)
{
	memcpy(text, MASK, strlen(MASK));
	memmove(text + strlen(MASK), text + length, strlen(text + length) + 1);
	return text + strlen(MASK);
}

static size_t part_length(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && (isalnum((unsigned char)text[i]) || text[i] == '-'))
		i++;
	return i;
}

/* Returns the end of the word, whose length may have changed. */
static char *mask_word(char *word, size_t length)
{
	const char *slash = memchr(word, '/', length);
	char *end = word + length, *part = word;

	if (is_token(word, slash ? (size_t)(slash - word) : length))
		return replace(word, slash ? (size_t)(slash - word) : length);
	while (part < end && *part != '/') {
		size_t size = part_length(part, (size_t)(end - part));

		if (is_part(part, size)) {
			end -= size - strlen(MASK);
			part = replace(part, size);
		} else {
			part += size ? size : 1;
		}
	}
	return end;
}

void mask_tokens(char *text)
{
	while (*text) {
		size_t length = strcspn(text, SEPARATORS);

		text = length ? mask_word(text, length) : text + 1;
	}
}
