/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds duplicate keys in the objects of a JSON document, and keys that hold a NUL byte. json-c
 * silently keeps the last of two equal keys, and cuts a key at its NUL: a device could be lost or
 * renamed. So the text is scanned once more after json-c has accepted it.
 */
#include "apply-read.h"

#include "base/index.h"
#include "base/list.h"

#include <json-c/json.h>

struct key {
	const char *name;
	size_t line;
};

/* The scan of a document that json-c has accepted. */
struct scan {
	const char *text, *at, *end;
	size_t line;
	const char *file;
};

/* Moves past the closing quote of the string at the scan's position. */
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

/* Adds the string at the scan's position to @keys, if a colon follows: then it is a key. */
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
	for (size_t i = 0; i < keys->count; i++) {
		const struct key *b = keys->items[i], *a = index_find(&index, b->name);

		if (a != b)
			return err_usage(err, "%s:%zu: duplicate key \"%s\", first in line %zu",
					 scan->file, b->line, b->name, a->line);
	}
	return 0;
}

/* Scans one object after its opening brace. For the document itself, starts before the brace. */
static int scan_object(struct scan *scan, struct err *err)
{
	_cleanup_(list_clear) struct list keys = { 0 }, texts = { 0 };
	int ret = 0;

	while (!ret && scan->at < scan->end && *scan->at != '}') {
		if (*scan->at == '"') {
			ret = take_string(scan, &keys, &texts, err);
			continue;
		}
		/* json-c accepts single quotes even in strict mode; no other reader does. */
		if (*scan->at == '\'')
			return err_usage(err, "%s:%zu: not valid JSON: strings need double quotes",
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
