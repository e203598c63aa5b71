/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the command that words name, and fills the struct of its arguments. */
#include "cli-internal.h"

#include "base/text.h"

#include <errno.h>

#define MATCHES_MAX 16

const struct cli_arg *cli_find_arg(const struct cli_cmd *cmd, const char *name)
{
	for (const struct cli_arg *arg = cmd->args; arg && arg->type; arg++)
		if (*arg->name == *name && str_equal(arg->name, name))
			return arg;
	return NULL;
}

static bool has_alias(const struct cli_cmd *cmd, const char *word)
{
	for (const char *const *alias = cmd->aliases; alias && *alias; alias++)
		if (str_equal(*alias, word))
			return true;
	return false;
}

static bool may_mean(const struct cli_cmd *cmd, const char *word)
{
	if (str_starts(cmd->name, word))
		return true;
	if (cmd->flags & CLI_WHOLE_ALIAS)
		return false;
	for (const char *const *alias = cmd->aliases; alias && *alias; alias++)
		if (str_starts(*alias, word))
			return true;
	return false;
}

size_t cli_find_commands(const struct cli_cmd *parent, const char *word,
			 const struct cli_cmd **found, size_t size)
{
	size_t count = 0;

	if (!*word)
		return 0;
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++) {
		if (str_equal(cmd->name, word) || has_alias(cmd, word)) {
			found[0] = cmd;
			return 1;
		}
	}
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++) {
		if (!may_mean(cmd, word))
			continue;
		if (cmd->flags & CLI_FIRST) {
			found[0] = cmd;
			return 1;
		}
		if (count < size)
			found[count++] = cmd;
	}
	return count;
}

static const struct cli_cmd *find_command(const struct cli_call *call, const char *word,
					  struct err *err)
{
	const struct cli_cmd *parent = call->path[call->depth - 1];
	const struct cli_cmd *found[MATCHES_MAX];
	size_t count = cli_find_commands(parent, word, found, ARRAY_SIZE(found));
	char names[256];
	struct text text = text_begin(names, sizeof(names));

	if (count == 1)
		return found[0];
	if (!count) {
		cli_unknown_command(call, word, err);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		text_join(&text, ", ", "%s", found[i]->name);
	err_usage(err, "'%s' may mean any of: %s", word, names);
	return NULL;
}

static const struct cli_cmd *default_command(const struct cli_cmd *parent)
{
	for (const struct cli_cmd *cmd = parent->sub; cmd->name; cmd++)
		if (cmd->flags & CLI_DEFAULT)
			return cmd;
	return NULL;
}

/* "help" has no row of its own because it exists below every row. */
bool cli_is_help(const struct cli_cmd *parent, const char *word)
{
	const struct cli_cmd *found[1];

	if (str_equal(word, "help"))
		return true;
	return *word && str_starts("help", word) &&
	       !cli_find_commands(parent, word, found, ARRAY_SIZE(found));
}

static void bad_value(const struct cli_arg *arg, const char *word, struct err *err)
{
	const struct cli_type *type = arg->type;

	if (err->code)
		return;
	if (type->max)
		err_usage(err, "%s must be %s from %ju to %ju, not '%s'", arg->name, type->expected,
			  (uintmax_t)arg->min, (uintmax_t)(arg->max ? arg->max : type->max), word);
	else
		err_usage(err, "%s must be %s, not '%s'", arg->name, type->expected, word);
}

static int parse_value(const struct cli_arg *arg, const char *word, void *args, struct err *err)
{
	if (!*word)
		return err_usage(err, "%s must be %s, not an empty word", arg->name,
				 arg->type->expected);
	err->code = 0;
	if (!arg->type->parse(arg, word, (char *)args + arg->offset, err))
		return 0;
	bad_value(arg, word, err);
	cli_suggest_value(arg, word, err);
	return -err->code;
}

size_t cli_many_words(const struct cli_cmd *cmd, const struct cli_arg *arg, char **words,
		      size_t count)
{
	for (size_t i = 1; arg->flags & CLI_UNTIL && i < count; i++)
		if (cli_find_arg(cmd, words[i]))
			return i;
	while (count > 1) {
		const struct cli_arg *last = cli_find_arg(cmd, words[count - 1]);

		if (!last || !cli_is_flag(last))
			break;
		count--;
	}
	return count;
}

/* Returns whether the words are keywords with their values, and nothing else. */
static bool are_keywords(const struct cli_cmd *cmd, char **words, size_t count)
{
	size_t used = 0;

	while (used < count) {
		const struct cli_arg *arg = cli_find_arg(cmd, words[used]);

		if (!arg)
			return false;
		used += cli_arg_words(arg);
	}
	return used == count;
}

/* Returns whether the words begin with the argument's keyword and exactly one value of it. */
static bool has_one_value(const struct cli_cmd *cmd, const struct cli_arg *arg, char **words,
			  size_t count)
{
	if (arg->flags & CLI_UNTIL)
		return count > 1 && cli_many_words(cmd, arg, words + 1, count - 1) == 1;
	return cli_many_words(cmd, arg, words, count) == 2;
}

/*
 * Returns whether the words begin with a value of the positional argument rather than with a
 * keyword. A device may have the name of its own keyword: "name" is a value if only keywords with
 * their values follow.
 */
static bool starts_positional(const struct cli_cmd *cmd, const struct cli_arg *arg, char **words,
			      size_t count)
{
	const struct cli_arg *keyword = count ? cli_find_arg(cmd, words[0]) : NULL;

	if (!count || !(arg->flags & CLI_POSITIONAL))
		return false;
	if (!keyword)
		return true;
	/*
	 * The argument is optional, so this is a keyword. A device with the name of a keyword must
	 * be preceded by the argument's own keyword.
	 */
	if (arg->flags & CLI_MANY && keyword != arg && !(arg->flags & CLI_REQUIRED))
		return false;
	if (arg->flags & CLI_MANY)
		return keyword != arg || !(arg->flags & CLI_NAMED) ||
		       !has_one_value(cmd, arg, words, count);
	if (keyword != arg || !(arg->flags & CLI_NAMED))
		return keyword == arg;
	return are_keywords(cmd, words + 1, count - 1);
}

static int missing(const struct cli_arg *arg, struct err *err)
{
	return err_usage(err, "%s is missing: %s",
			 arg->flags & CLI_POSITIONAL ? arg->meta : arg->name, arg->help);
}

const struct cli_arg *cli_find_keyword(const struct cli_cmd *cmd, const char *word)
{
	const struct cli_arg *arg = cli_find_arg(cmd, word);

	return arg && (arg->flags & CLI_POSITIONAL) && !(arg->flags & CLI_NAMED) ? NULL : arg;
}

static int nothing_follows(const struct cli_arg *arg, struct err *err)
{
	return err_usage(err, "%s needs a value: %s", arg->name, arg->type->expected);
}

static void take_words(const struct cli_arg *arg, char **words, size_t count, void *args)
{
	*(struct cli_words *)((char *)args + arg->offset) =
		(struct cli_words){ .words = words, .count = count };
}

/*
 * A value where the first argument's keyword was expected, as other tools take it: suggest the
 * keyword.
 */
static int unexpected(const struct cli_cmd *cmd, char **words, size_t count, size_t at,
		      uint32_t seen, struct err *err)
{
	const struct cli_arg *first = cmd->args;

	if (at == 0 && first && first->flags & CLI_REQUIRED && count > 1 &&
	    cli_find_keyword(cmd, words[1]))
		return err_usage(err, "'%s' is not expected here; write '%s %s'", words[0],
				 first->name, words[0]);
	return cli_unknown_keyword(cmd, words[at], seen, err);
}

static int parse_keywords(const struct cli_cmd *cmd, char **words, size_t count, uint32_t *seen,
			  void *args, struct err *err)
{
	size_t end;

	for (size_t i = 0; i < count; i = end) {
		const struct cli_arg *arg = cli_find_keyword(cmd, words[i]);

		if (!arg)
			return unexpected(cmd, words, count, i, *seen, err);
		if (*seen & BIT64(arg - cmd->args))
			return err_usage(err, "%s is given twice", arg->name);
		*seen |= BIT64(arg - cmd->args);
		end = i + cli_arg_words(arg);
		/* A flag has a keyword but no value. */
		for (size_t value = i + !cli_is_flag(arg); value < end; value++) {
			int ret = value < count ? parse_value(arg, words[value], args, err)
						: nothing_follows(arg, err);
			if (ret)
				return ret;
		}
		if (arg->flags & CLI_MANY)
			take_words(arg, words + i + 1, 1, args);
	}
	return 0;
}

/* Parses the words of a positional argument. Returns how many, or a negative errno. */
static int parse_positional(const struct cli_cmd *cmd, const struct cli_arg *arg, char **words,
			    size_t count, void *args, struct err *err)
{
	size_t taken = arg->flags & CLI_MANY ? cli_many_words(cmd, arg, words, count) : 1;

	/* The first word may be the keyword or a device. A command that deletes must not guess. */
	if (taken > 2 && (arg->flags & CLI_NAMED) && cli_find_arg(cmd, words[0]) == arg)
		return err_usage(err,
				 "'%s' may be the keyword or a value here; if it is a value, write "
				 "'%s %s' alone",
				 arg->name, arg->name, arg->name);
	for (size_t i = 0; i < taken; i++) {
		int ret = parse_value(arg, words[i], args, err);

		if (ret)
			return ret;
	}
	if (arg->flags & CLI_MANY)
		take_words(arg, words, taken, args);
	return (int)taken;
}

static int no_choice(const struct cli_cmd *cmd, enum cli_arg_flags flag, struct err *err)
{
	char names[128];
	struct text text = text_begin(names, sizeof(names));

	for (const struct cli_arg *arg = cmd->args; arg->type; arg++)
		if (arg->flags & flag)
			text_join(&text, ", ", "%s", arg->name);
	return err_usage(err, "one of these is required: %s", names);
}

/* At most one argument with @flag may be given, and exactly one with CLI_CHOICE. */
static int check_choice(const struct cli_cmd *cmd, enum cli_arg_flags flag, uint32_t seen,
			struct err *err)
{
	const char *chosen = NULL;
	bool offered = false;

	for (const struct cli_arg *arg = cmd->args; arg->type; arg++) {
		if (!(arg->flags & flag))
			continue;
		offered = true;
		if (!(seen & BIT64(arg - cmd->args)))
			continue;
		if (chosen)
			return err_usage(err, "'%s' and '%s' cannot be combined", chosen,
					 arg->name);
		chosen = arg->name;
	}
	return offered && !chosen && flag == CLI_CHOICE ? no_choice(cmd, flag, err) : 0;
}

static int check_seen(const struct cli_cmd *cmd, uint32_t seen, struct err *err)
{
	int ret;

	for (const struct cli_arg *arg = cmd->args; arg->type; arg++)
		if ((arg->flags & CLI_REQUIRED) && !(seen & BIT64(arg - cmd->args)))
			return missing(arg, err);
	ret = check_choice(cmd, CLI_CHOICE, seen, err);
	return ret ? ret : check_choice(cmd, CLI_EITHER, seen, err);
}

static int parse_args(const struct cli_cmd *cmd, char **words, size_t count, void *args,
		      struct err *err)
{
	const struct cli_arg *arg = cmd->args;
	uint32_t seen = 0;
	int ret;

	for (; arg && arg->type && starts_positional(cmd, arg, words, count); arg++) {
		ret = parse_positional(cmd, arg, words, count, args, err);
		if (ret < 0)
			return ret;
		seen |= BIT64(arg - cmd->args);
		words += ret;
		count -= (size_t)ret;
	}
	ret = parse_keywords(cmd, words, count, &seen, args, err);
	return ret || !arg ? ret : check_seen(cmd, seen, err);
}

/* Walks down the table as far as the words name commands, and fills the path of the call. */
static int walk(const struct cli_cmd *root, char **words, size_t count, size_t *used,
		struct cli_call *call, struct err *err)
{
	const struct cli_cmd *cmd = root;

	*used = 0;
	call->path[call->depth++] = root;
	while (cmd->sub) {
		const char *word = *used < count ? words[(*used)++] : NULL;

		if (word && cli_is_help(cmd, word)) {
			call->help = true;
			continue;
		}
		if (word) {
			cmd = find_command(call, word, err);
			if (!cmd)
				return -EINVAL;
		} else {
			cmd = call->help ? NULL : default_command(cmd);
			if (!cmd) {
				call->help = true;
				return 0;
			}
		}
		call->path[call->depth++] = cmd;
	}
	return 0;
}

int cli_parse(const struct cli_cmd *root, char **words, size_t count, struct cli_call *call,
	      struct err *err)
{
	const bool asked = call->help; /* by an option, which may stand anywhere */
	const struct cli_cmd *leaf;
	size_t used;
	int ret;

	ret = walk(root, words, count, &used, call, err);
	leaf = call->path[call->depth - 1];
	if (ret || leaf->sub)
		return ret;
	words += used;
	count -= used;

	if (call->help && !asked && count)
		return err_usage(err, "unknown command '%s': '%s' has no commands", words[0],
				 leaf->name);
	/* "help" asks for help where no device can be meant, and after an object. */
	if (count == 1 && str_equal(words[0], "help") &&
	    (call->depth == 2 || !(leaf->args && leaf->args->flags & CLI_POSITIONAL)))
		call->help = true;
	if (call->help)
		return 0;
	call->args = calloc(1, leaf->size ? leaf->size : 1);
	if (!call->args)
		return err_memory(err);
	return parse_args(leaf, words, count, call->args, err);
}

void cli_call_release(struct cli_call *call)
{
	free(call->args);
	call->args = NULL;
}
