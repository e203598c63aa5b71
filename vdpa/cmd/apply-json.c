/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the JSON form of a file for "apply": its values become the words of "dev add". */
#include "apply-read.h"
#include "base/list.h"
#include "commands.h"
#include "vdpa/ops/save.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

/* Limit of nesting; the document itself needs 5 levels. */
#define DEPTH 8

/* Limit of words in one command; all arguments of "dev add" together need fewer. */
#define WORDS_MAX 64

struct reader {
	struct desired *desired;
	const char *file;
	const char *place; /* the device that is being read, for messages */
	const struct cli_cmd *add;
	char *words[WORDS_MAX];
	size_t count;
};

/* The words of a command */

static int add_word(struct reader *reader, const char *word, struct err *err)
{
	const char *copy = list_text(&reader->desired->texts, word);

	if (!copy)
		return err_memory(err);
	if (reader->count == WORDS_MAX)
		return err_usage(err, "%s: it has too many words", reader->place);
	reader->words[reader->count++] = (char *)copy;
	return 0;
}

static int wrong_type(const struct reader *reader, const char *key, const char *expected,
		      struct err *err)
{
	return err_usage(err, "%s: \"%s\" must be %s", reader->place, key, expected);
}

/* Returns the text of a JSON string, or NULL if it holds a NUL byte, where C would cut it. */
static const char *string_of(struct json_object *value)
{
	const char *text = json_object_get_string(value);

	return text && strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

static int add_string(struct reader *reader, const char *key, struct json_object *value,
		      struct err *err)
{
	const char *text = string_of(value);

	if (!text)
		return wrong_type(reader, key, "a string without NUL", err);
	return add_word(reader, text, err);
}

static int add_number(struct reader *reader, struct json_object *value, struct err *err)
{
	char text[32];

	snprintf(text, sizeof(text), "%jd", (intmax_t)json_object_get_int64(value));
	return add_word(reader, text, err);
}

static int add_list(struct reader *reader, const char *key, struct json_object *value,
		    struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);
	bool failed;

	if (!memory)
		return err_memory(err);
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		struct json_object *item = json_object_array_get_idx(value, i);

		if (!json_object_is_type(item, json_type_string) || !string_of(item)) {
			fclose(memory);
			return wrong_type(reader, key, "an array of strings", err);
		}
		fprintf(memory, "%s%s", i ? "," : "", string_of(item));
	}
	failed = ferror(memory);
	/* The last step of closing it takes memory, and fails without a word. */
	if (fclose(memory) || failed || !text)
		return err_memory(err);
	return add_word(reader, *text ? text : "0x0", err);
}

static bool is_number(const struct cli_arg *arg)
{
	return arg->type == &cli_type_u16 || arg->type == &cli_type_u32 ||
	       arg->type == &cli_type_u64;
}

/* Returns whether the argument also accepts a JSON number. */
static bool may_be_number(const struct cli_arg *arg)
{
	return is_number(arg) || arg->type == &pairs_type || arg->type == &owner_type ||
	       arg->type == &group_type;
}

static int add_value(struct reader *reader, const struct cli_arg *arg, struct json_object *value,
		     struct err *err)
{
	if (arg->type->list && json_object_is_type(value, json_type_array))
		return add_list(reader, arg->name, value, err);
	if (may_be_number(arg) && json_object_is_type(value, json_type_int))
		return add_number(reader, value, err);
	if (is_number(arg))
		return wrong_type(reader, arg->name, "a number", err);
	if (!json_object_is_type(value, json_type_string))
		return wrong_type(reader, arg->name,
				  arg->type->list ? "an array of strings" : "a string", err);
	return add_string(reader, arg->name, value, err);
}

static int add_key(struct reader *reader, const char *key, struct json_object *value,
		   struct err *err)
{
	const struct cli_arg *arg = cli_find_arg(reader->add, key);
	int ret;

	if (!arg || arg == reader->add->args || str_equal(key, "ensure"))
		return err_usage(err, "%s: unknown key \"%s\"", reader->place, key);
	ret = add_word(reader, arg->name, err);
	return ret ? ret : add_value(reader, arg, value, err);
}

/* The document */

static int begin_command(struct reader *reader, const char *verb, const char *name, struct err *err)
{
	char place[512];
	int ret;

	snprintf(place, sizeof(place), "%.200s: dev '%.255s'", reader->file, name);
	reader->count = 0;
	reader->place = list_text(&reader->desired->texts, place);
	if (!reader->place)
		return err_memory(err);
	ret = add_word(reader, "dev", err);
	return ret ? ret : add_word(reader, verb, err);
}

static int end_command(struct reader *reader, struct err *err)
{
	const struct desired_command command = { .words = reader->words,
						 .count = reader->count,
						 .place = reader->place };

	return desired_take(reader->desired, &command, err);
}

static int take_dev(struct reader *reader, const char *name, struct json_object *dev,
		    struct err *err)
{
	int ret = begin_command(reader, "add", name, err);

	if (!ret && !json_object_is_type(dev, json_type_object))
		return err_usage(err, "%s: it must be an object", reader->place);
	if (!ret)
		ret = add_word(reader, reader->add->args->name, err);
	if (!ret)
		ret = add_word(reader, name, err);
	if (ret)
		return ret;
	json_object_object_foreach(dev, key, value)
	{
		ret = add_key(reader, key, value, err);
		if (ret)
			return ret;
	}
	return end_command(reader, err);
}

static int take_devs(struct reader *reader, struct json_object *devs, struct err *err)
{
	int ret = 0;

	if (!json_object_is_type(devs, json_type_object))
		return wrong_type(reader, "dev", "an object", err);
	json_object_object_foreach(devs, name, dev)
	{
		ret = take_dev(reader, name, dev, err);
		if (ret)
			break;
	}
	return ret;
}

static int take_absent(struct reader *reader, struct json_object *names, struct err *err)
{
	if (!json_object_is_type(names, json_type_array))
		return wrong_type(reader, "absent", "an array of strings", err);
	for (size_t i = 0; i < json_object_array_length(names); i++) {
		struct json_object *item = json_object_array_get_idx(names, i);
		const char *name =
			json_object_is_type(item, json_type_string) ? string_of(item) : NULL;
		int ret;

		if (!name)
			return wrong_type(reader, "absent", "an array of strings", err);
		ret = begin_command(reader, "del", name, err);
		if (!ret)
			ret = add_word(reader, name, err);
		if (!ret)
			ret = end_command(reader, err);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_version(struct reader *reader, struct json_object *version, struct err *err)
{
	if (!json_object_is_type(version, json_type_int))
		return wrong_type(reader, "version", "a number", err);
	if (json_object_get_int64(version) != SAVE_VERSION)
		return err_usage(err, "%s: version %jd is not supported, only %d", reader->file,
				 (intmax_t)json_object_get_int64(version), SAVE_VERSION);
	return 0;
}

static int take_save(struct reader *reader, struct json_object *save, struct err *err)
{
	struct json_object *version;
	int ret;

	if (!json_object_is_type(save, json_type_object))
		return wrong_type(reader, "save", "an object", err);
	if (!json_object_object_get_ex(save, "version", &version))
		return err_usage(err, "%s: \"version\" is missing", reader->file);
	/* Check the version first: the keys of a newer one would be reported as unknown. */
	ret = check_version(reader, version, err);
	if (ret)
		return ret;
	json_object_object_foreach(save, key, value)
	{
		reader->place = reader->file;
		if (str_equal(key, "dev"))
			ret = take_devs(reader, value, err);
		else if (str_equal(key, "absent"))
			ret = take_absent(reader, value, err);
		else if (!str_equal(key, "version"))
			ret = err_usage(err, "%s: unknown key \"%s\"", reader->file, key);
		if (ret)
			break;
	}
	return ret;
}

static int take_document(struct reader *reader, struct json_object *document, struct err *err)
{
	struct json_object *save;

	if (!json_object_object_get_ex(document, "save", &save))
		return err_usage(err, "%s: \"save\" is missing", reader->file);
	if (json_object_object_length(document) != 1)
		return err_usage(err, "%s: no key besides \"save\" is allowed", reader->file);
	return take_save(reader, save, err);
}

/* Parsing */

static size_t line_of(const char *text, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

static int parse(const char *text, size_t size, const char *file, struct json_object **document,
		 struct err *err)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH);
	enum json_tokener_error error;
	size_t end;

	if (!tokener)
		return err_memory(err);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	*document = json_tokener_parse_ex(tokener, text, (int)size);
	error = json_tokener_get_error(tokener);
	end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (error == json_tokener_continue)
		return err_usage(err, "%s:%zu: the document is incomplete", file,
				 line_of(text, size));
	if (error != json_tokener_success)
		return err_usage(err, "%s:%zu: not valid JSON: %s", file, line_of(text, end),
				 json_tokener_error_desc(error));
	end += strspn(text + end, " \t\r\n");
	if (end < size)
		return err_usage(err, "%s:%zu: something follows the document", file,
				 line_of(text, end));
	return 0;
}

/* Finds the row of "dev add" in the command table. */
static const struct cli_cmd *find_add(const struct cli_cmd *root)
{
	const struct cli_cmd *found[1];

	if (!cli_find_commands(root, "dev", found, 1) ||
	    !cli_find_commands(found[0], "add", found, 1))
		return NULL;
	return found[0];
}

int desired_take_json(struct desired *desired, const char *text, size_t size, const char *file,
		      struct err *err)
{
	struct reader reader = {
		.desired = desired, .file = file, .place = file, .add = find_add(desired->root)
	};
	struct json_object *document = NULL;
	int ret = parse(text, size, file, &document, err);

	if (!ret)
		ret = desired_check_keys(text, size, file, err);
	if (!ret)
		ret = take_document(&reader, document, err);
	json_object_put(document);
	return ret;
}
