/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suggests the word that was probably meant; no command ever acts on the guess. */
#include "base/similar.h"
#include "base/text.h"
#include "cli-internal.h"

/* Words of other tools. They are too different from ours for a search by edits. */
static const struct {
	const char *typed, *command;
} synonyms[] = {
	{ "create", "add" },	 { "new", "add" },	{ "make", "add" },
	{ "rm", "del" },	 { "remove", "del" },	{ "destroy", "del" },
	{ "get", "show" },	 { "info", "show" },	{ "status", "show" },
	{ "change", "set" },	 { "modify", "set" },	{ "update", "set" },
	{ "search", "find" },	 { "lookup", "find" },	{ "watch", "monitor" },
	{ "events", "monitor" }, { "check", "doctor" }, { "diagnose", "doctor" },
};

static const struct cli_cmd *find_command(const struct cli_cmd *parent, const char *name)
{
	for (const struct cli_cmd *cmd = parent->sub; cmd && cmd->name; cmd++)
		if (str_equal(cmd->name, name))
			return cmd;
	return NULL;
}

static const char *find_synonym(const struct cli_cmd *parent, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(synonyms); i++)
		if (str_equal(synonyms[i].typed, word) && find_command(parent, synonyms[i].command))
			return synonyms[i].command;
	return NULL;
}

static const char *find_similar(const struct cli_cmd *parent, const char *word)
{
	struct similar similar;

	similar_init(&similar, word, strlen(word));
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++) {
		similar_try(&similar, cmd->name);
		for (const char *const *alias = cmd->aliases; alias && *alias; alias++)
			similar_try(&similar, *alias);
	}
	similar_try(&similar, "help");
	return similar.best;
}

/* Writes the names of the rows from the tool's down to the one at @depth. */
static void put_path(const struct cli_call *call, unsigned int depth, char *storage, size_t size)
{
	struct text text = text_begin(storage, size);

	for (unsigned int i = 0; i <= depth; i++)
		text_join(&text, " ", "%s", call->path[i]->name);
}

/* Suggests a command of another row. */
static void suggest_command(struct err *err, const char *path, const char *middle, const char *word)
{
	err_append(err, "; did you mean '%s%s%s %s'?", path, *middle ? " " : "", middle, word);
}

/* Suggests a command that exists one level higher, or in exactly one row one level lower. */
static bool suggest_elsewhere(const struct cli_call *call, const char *word, struct err *err)
{
	const struct cli_cmd *parent = call->path[call->depth - 1], *found = NULL;
	char path[128];

	for (unsigned int depth = call->depth - 1; depth > 0; depth--) {
		if (!find_command(call->path[depth - 1], word))
			continue;
		put_path(call, depth - 1, path, sizeof(path));
		suggest_command(err, path, "", word);
		return true;
	}
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++) {
		if (!find_command(cmd, word))
			continue;
		if (found)
			return false;
		found = cmd;
	}
	if (!found)
		return false;
	put_path(call, call->depth - 1, path, sizeof(path));
	suggest_command(err, path, found->name, word);
	return true;
}

int cli_unknown_command(const struct cli_call *call, const char *word, struct err *err)
{
	const struct cli_cmd *parent = call->path[call->depth - 1];
	struct similar similar = { .best = find_synonym(parent, word) };
	int ret = err_usage(err, "unknown command '%s'", word);
	char path[128];

	if (!similar.best && suggest_elsewhere(call, word, err))
		return ret;
	if (!similar.best)
		similar.best = find_similar(parent, word);
	similar_suggest(&similar, err);
	if (!similar.best) {
		put_path(call, call->depth - 1, path, sizeof(path));
		err_hint(err, "'%s help' lists the commands", path);
	}
	return ret;
}

int cli_unknown_keyword(const struct cli_cmd *cmd, const char *word, uint32_t seen, struct err *err)
{
	int ret = err_usage(err, "'%s' is not expected here", word);
	struct similar similar;

	similar_init(&similar, word, strlen(word));
	for (const struct cli_arg *arg = cmd->args; arg && arg->type; arg++)
		if (cli_find_keyword(cmd, arg->name) && !(seen & BIT64(arg - cmd->args)))
			similar_try(&similar, arg->name);
	similar_suggest(&similar, err);
	return ret;
}

void cli_suggest_value(const struct cli_arg *arg, const char *word, struct err *err)
{
	_cleanup_free_ char *words = NULL;
	struct similar similar;
	size_t size;
	FILE *out;

	if (!arg->type->words || arg->type->list)
		return;
	out = open_memstream(&words, &size);
	if (!out)
		return;
	arg->type->words(out);
	if (fclose(out))
		return;
	similar_init(&similar, word, strlen(word));
	for (char *rest = words, *line; (line = strsep(&rest, "\n"));) {
		line[strcspn(line, "\t")] = '\0';
		if (*line)
			similar_try(&similar, line);
	}
	similar_suggest(&similar, err);
}
