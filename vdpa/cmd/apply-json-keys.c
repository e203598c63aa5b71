/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds keys that stand twice in one object of a JSON document, or hold a NUL byte. json-c keeps
 * the last of those that are the same, and ends a key at its NUL, without a word.
 */
#include "apply-read.h"

#include "base/index.h"
#include "base/list.h"

#include <json-c/json.h>

struct key {
	const char *name;
	size_t line;
};

/* A document that json-c has taken, and how far it was looked at. */
struct scan {
	const char *text, *at, *end;
	size_t line;
	const char *file;
};

/* Moves behind the last quote of the string at which the scan is. */
static void skip_string(struct scan *scan)
{
	for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++)
		scan->at += *scan->at == '\\';
	scan->at++;
}

static int add_unescaped(const struct scan *scan, const char *start, size_t size,
			 struct list *texts, const char **name, struct err *err)
{
	_cleanup_free_ char *quoted = strndup(start, size);
	struct json_object *string = quoted ? json_tokener_parse(quoted) : NULL;
	const char *text = string ? json_object_get_string(string) : NULL;
	int ret = 0;

	if (text && strlen(text) != (size_t)json_object_get_string_len(string))
		ret = err_usage(err, "%s:%zu: a key holds a NUL byte", scan->file, scan->line);
	else if (!text || !(*name = list_text(texts, text)))
		ret = err_memory(err);
	json_object_put(string);
	return ret;
}

/* Takes the string at which the scan is, if it is a key. */
static int take_string(struct scan *scan, struct list *keys, struct list *texts, struct err *err)
{
	const char *start = scan->at;
	struct key *key;

	skip_string(scan);
	if (scan->at >= scan->end || scan->at[strspn(scan->at, " \t\r\n")] != ':')
		return 0;
	key = list_new(keys, sizeof(*key));
	if (!key)
		return err_memory(err);
	key->line = scan->line;
	return add_unescaped(scan, start, (size_t)(scan->at - start), texts, &key->name, err);
}

static int check_keys(const struct scan *scan, const struct list *keys, struct err *err)
{
	_cleanup_(index_release) struct index index = INDEX_INIT(struct key, name);

	if (index_build(&index, keys))
		return err_memory(err);
	for (size_t i = 1; i < index.count; i++) {
		const struct key *a = index.items[i - 1], *b = index.items[i];

		if (str_equal(a->name, b->name))
			return err_usage(err, "%s:%zu: the key \"%s\" is in line %zu as well",
					 scan->file, b->line, b->name, a->line);
	}
	return 0;
}

/* Scans an object from behind its brace; for the document's own one, from before. */
static int scan_object(struct scan *scan, struct err *err)
{
	_cleanup_(list_clear) struct list keys = { 0 }, texts = { 0 };
	int ret = 0;

	while (!ret && scan->at < scan->end && *scan->at != '}') {
		if (*scan->at == '"') {
			ret = take_string(scan, &keys, &texts, err);
			continue;
		}
		/* json-c takes them, and no other reader does. */
		if (*scan->at == '\'')
			return err_usage(err, "%s:%zu: no JSON: strings have double quotes",
					 scan->file, scan->line);
		scan->line += *scan->at == '\n';
		if (*scan->at++ == '{')
			ret = scan_object(scan, err);
	}
	scan->at++;
	return ret ? ret : check_keys(scan, &keys, err);
}

int desired_check_keys(const char *text, size_t size, const char *file, struct err *err)
{
	struct scan scan = {
		.text = text, .at = text, .end = text + size, .line = 1, .file = file
	};

	return scan_object(&scan, err);
}
