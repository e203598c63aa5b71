/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the files of "apply", which list the devices that must exist or be absent. */
#include "apply-read.h"

#include "base/index.h"
#include "base/list.h"
#include "cli/cli-lines.h"
#include "commands.h"
#include "vdpa/ops/dev-add-checks.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/* Enough for a hundred thousand devices; keeps endless files such as /dev/zero out of memory. */
#define FILE_SIZE_MAX (64 << 20)

#define SUFFIX ".conf"

/* Commands */

/* Room for "FILE:LINE". */
#define PLACE_SIZE 512

static const char *put_place(const char *place, size_t line, char text[static PLACE_SIZE])
{
	if (line)
		snprintf(text, PLACE_SIZE, "%.400s:%zu", place, line);
	else
		snprintf(text, PLACE_SIZE, "%s", place);
	return text;
}

static const char *place_of(const struct wanted *wanted, char text[static PLACE_SIZE])
{
	return put_place(wanted->place, wanted->line, text);
}

static struct wanted *new_wanted(struct desired *desired, const char *name,
				 const struct desired_command *command)
{
	struct wanted *wanted = list_new(&desired->wanted, sizeof(*wanted));

	if (wanted)
		*wanted = (struct wanted){ .name = name,
					   .place = command->place,
					   .line = command->line };
	return wanted;
}

static int take_add(struct desired *desired, const struct dev_new *dev,
		    const struct desired_command *command, struct err *err)
{
	const size_t size = command->count * sizeof(*command->words);
	struct wanted *wanted;
	char **words;
	int ret = add_check_words(dev, err);

	if (ret)
		return ret;
	words = list_bytes(&desired->texts, size);
	wanted = words ? new_wanted(desired, dev->name, command) : NULL;
	if (!wanted)
		return err_memory(err);
	wanted->dev = *dev;
	wanted->words = memcpy(words, command->words, size);
	wanted->word_count = command->count;
	return 0;
}

static int take_del(struct desired *desired, const struct cli_words *names,
		    const struct desired_command *command, struct err *err)
{
	for (size_t i = 0; i < names->count; i++) {
		struct wanted *wanted = new_wanted(desired, names->words[i], command);

		if (!wanted)
			return err_memory(err);
		wanted->absent = true;
	}
	return 0;
}

static bool is_command(const struct cli_call *call, const char *name)
{
	return !call->help && call->depth == 3 && str_equal(call->path[1]->name, "dev") &&
	       str_equal(call->path[2]->name, name);
}

int desired_take(struct desired *desired, const struct desired_command *command, struct err *err)
{
	struct cli_call call = { 0 };
	int ret = cli_parse(desired->root, command->words, command->count, &call, err);
	char place[PLACE_SIZE];

	if (!ret && is_command(&call, "add"))
		ret = take_add(desired, call.args, command, err);
	else if (!ret && is_command(&call, "del"))
		ret = take_del(desired, &((const struct del_args *)call.args)->name, command, err);
	else if (!ret)
		ret = err_usage(err, "only 'dev add' and 'dev del' are allowed in such a file");
	cli_call_release(&call);
	if (ret)
		err_context(err, "%s", put_place(command->place, command->line, place));
	return ret;
}

/* Lines */

static int take_line(struct desired *desired, const struct cli_lines *lines, const char *file,
		     struct err *err)
{
	/* A copy that lives as long as @desired: the words point into it. */
	char *line = (char *)list_text(&desired->texts, lines->line);
	struct cli_words words = { 0 };
	char place[PLACE_SIZE];
	size_t first = 1;
	int ret;

	ret = line ? cli_split(line, &words, err) : err_memory(err);
	if (ret)
		err_context(err, "%s", put_place(file, lines->begin, place));
	/* As in a batch, "--" may come first, so that a name may begin with a dash. */
	first += !ret && words.count > first && str_equal(words.words[first], "--");
	if (!ret && words.count > first) {
		const struct desired_command command = { .words = words.words + first,
							 .count = words.count - first,
							 .place = file,
							 .line = lines->begin };

		ret = desired_take(desired, &command, err);
	}
	free(words.words);
	return ret;
}

static int next_line(struct cli_lines *lines, const char *file, struct err *err)
{
	int ret = cli_lines_next(lines, err);

	if (ret < 0 && lines->ended)
		err_context(err, "%s", file);
	else if (ret < 0)
		err_context(err, "%s:%zu", file, lines->begin);
	return ret;
}

static int take_lines(struct desired *desired, char *text, size_t size, const char *file,
		      struct err *err)
{
	struct cli_lines lines = { .file = fmemopen(text, size, "r") };
	int ret = 0;

	if (!lines.file)
		return err_memory(err);
	while (!ret && (ret = next_line(&lines, file, err)) > 0)
		ret = take_line(desired, &lines, file, err);
	fclose(lines.file);
	cli_lines_release(&lines);
	return ret;
}

/* Files */

static int cannot_read(const char *file, int code, struct err *err)
{
	if (code == EACCES || code == EPERM)
		return err_set_status(err, STATUS_NOT_PERMITTED, code, "%s: %s", file,
				      err_words(code));
	return err_set_status(err, STATUS_FAILED, code, "%s: %s", file, err_words(code));
}

struct content {
	char *text; /* followed by a NUL, which size does not count */
	size_t size;
};

static int read_all(FILE *stream, const char *file, struct content *content, struct err *err)
{
	size_t room = 0, got;

	do {
		char *larger;

		if (content->size + 1 >= room) {
			room = room ? 2 * room : 65536;
			larger = realloc(content->text, room);
			if (!larger)
				return err_memory(err);
			content->text = larger;
		}
		errno = 0;
		got = fread(content->text + content->size, 1, room - 1 - content->size, stream);
		content->size += got;
		if (content->size > FILE_SIZE_MAX)
			return err_usage(err, "%s: it is larger than %d MiB", file,
					 FILE_SIZE_MAX >> 20);
	} while (got);
	if (ferror(stream))
		return cannot_read(file, errno ? errno : EIO, err);
	content->text[content->size] = '\0';
	return 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Reads a file, and refuses it if it changes meanwhile: half a file must not be applied. */
static int read_stable(FILE *stream, const char *file, struct content *content, struct err *err)
{
	struct stat before, after;
	int ret;

	if (fstat(fileno(stream), &before))
		return cannot_read(file, errno, err);
	if (S_ISDIR(before.st_mode))
		return cannot_read(file, EISDIR, err);
	ret = read_all(stream, file, content, err);
	if (!ret && S_ISREG(before.st_mode) &&
	    (fstat(fileno(stream), &after) || !is_same(&before, &after)))
		ret = err_set_status(err, STATUS_FAILED, EAGAIN,
				     "%s: it changed while it was read; try again", file);
	return ret;
}

static int take_content(struct desired *desired, struct content *content, const char *file,
			struct err *err)
{
	const char *start = content->text;

	if (str_starts(start, "\xef\xbb\xbf"))
		start += 3;
	start += strspn(start, " \t\r\n");
	if (*start == '{')
		return desired_take_json(
			desired, start, content->size - (size_t)(start - content->text), file, err);
	return content->size ? take_lines(desired, content->text, content->size, file, err) : 0;
}

static int take_file(struct desired *desired, const char *file, struct err *err)
{
	const bool is_input = str_equal(file, "-");
	/* A copy, since each device remembers the file it is from. */
	const char *name = list_text(&desired->texts, is_input ? "standard input" : file);
	FILE *stream = is_input ? stdin : fopen(file, "re");
	struct content content = { 0 };
	int ret;

	if (!stream)
		return cannot_read(file, errno, err);
	ret = name ? read_stable(stream, name, &content, err) : err_memory(err);
	if (!ret)
		ret = take_content(desired, &content, name, err);
	free(content.text);
	if (!is_input)
		fclose(stream);
	return ret;
}

static int is_wanted_file(const struct dirent *entry)
{
	const size_t length = strlen(entry->d_name), size = strlen(SUFFIX);

	return entry->d_name[0] != '.' && length > size &&
	       str_equal(entry->d_name + length - size, SUFFIX);
}

static int take_entry(struct desired *desired, const char *directory, const char *name,
		      struct err *err)
{
	_cleanup_free_ char *path = NULL;
	struct stat status;

	if (asprintf(&path, "%s/%s", directory, name) < 0) {
		path = NULL;
		return err_memory(err);
	}
	if (stat(path, &status))
		return cannot_read(path, errno, err);
	/* Reading a FIFO would block the boot. */
	if (!S_ISREG(status.st_mode))
		return err_usage(err, "%s: it is not a regular file", path);
	return take_file(desired, path, err);
}

static int take_directory(struct desired *desired, const char *directory, struct err *err)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_wanted_file, alphasort), ret = 0;

	if (count < 0)
		return cannot_read(directory, errno, err);
	for (int i = 0; i < count; i++) {
		if (!ret)
			ret = take_entry(desired, directory, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	return ret;
}

/* All files together */

static bool says_same(const struct wanted *a, const struct wanted *b)
{
	if (a->absent != b->absent || a->word_count != b->word_count)
		return false;
	for (size_t i = 0; i < a->word_count; i++)
		if (!str_equal(a->words[i], b->words[i]))
			return false;
	return true;
}

/* Keeps one of several equal places with the same name. Places that differ are an error. */
static int check_names(struct desired *desired, struct err *err)
{
	_cleanup_(index_release) struct index index = INDEX_INIT(struct wanted, name);
	char here[PLACE_SIZE], there[PLACE_SIZE];

	if (index_build(&index, &desired->wanted))
		return err_memory(err);
	for (size_t i = 0; i < desired->wanted.count; i++) {
		const struct wanted *b = desired->wanted.items[i];
		const struct wanted *a = index_find(&index, b->name);

		if (a != b && !says_same(a, b))
			return err_usage(err, "%s: '%s' is also in %s, with different words",
					 place_of(b, there), b->name, place_of(a, here));
	}
	return index_drop_duplicates(&desired->wanted, offsetof(struct wanted, name))
		       ? err_memory(err)
		       : 0;
}

/* A PCI function can have only one device. */
static int check_functions(const struct desired *desired, struct err *err)
{
	char here[PLACE_SIZE], there[PLACE_SIZE];

	for (size_t i = 0; i < desired->wanted.count; i++) {
		const struct wanted *a = desired->wanted.items[i];
		const struct handle *handle = &a->dev.mgmtdev.value;

		if (a->absent || !str_equal(handle->bus, "pci"))
			continue;
		for (size_t j = 0; j < i; j++) {
			const struct wanted *b = desired->wanted.items[j];

			if (!b->absent && str_equal(b->dev.mgmtdev.value.bus, "pci") &&
			    str_equal(handle_name(handle), handle_name(&b->dev.mgmtdev.value)))
				return err_usage(err,
						 "%s: management device '%s' has room for one "
						 "device, which is in %s",
						 place_of(a, here), handle->text,
						 place_of(b, there));
		}
	}
	return 0;
}

int desired_read(struct desired *desired, const struct cli_words *files, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < files->count; i++) {
		struct stat status;
		const char *file = files->words[i];

		if (!str_equal(file, "-") && !stat(file, &status) && S_ISDIR(status.st_mode))
			ret = take_directory(desired, file, err);
		else
			ret = take_file(desired, file, err);
	}
	if (!ret)
		ret = check_names(desired, err);
	return ret ? ret : check_functions(desired, err);
}

bool desired_names_mgmtdev(const struct desired *desired)
{
	for (size_t i = 0; i < desired->wanted.count; i++)
		if (!((const struct wanted *)desired->wanted.items[i])->absent)
			return true;
	return false;
}

void desired_release(struct desired *desired)
{
	list_clear(&desired->wanted);
	list_clear(&desired->texts);
}
