/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds users and groups by name or number. */
#include "sys/accounts.h"

#include "base/num.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>

/* A search by name or by number, and its result. */
struct search {
	const char *name; /* NULL: search by number */
	uint32_t id;
	char *found; /* buffer of ACCOUNT_TEXT_SIZE bytes for the name, or NULL */
};

static bool take(const struct search *search, const char *name, uint32_t id)
{
	if (search->name ? !str_equal(search->name, name) : search->id != id)
		return false;
	return !search->found || snprintf(search->found, ACCOUNT_TEXT_SIZE, "%s", name) > 0;
}

static bool find_user(struct search *search)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	while (file && (user = fgetpwent(file)))
		if (take(search, user->pw_name, user->pw_uid))
			break;
	if (user)
		search->id = user->pw_uid;
	if (file)
		fclose(file);
	return user;
}

static bool find_group(struct search *search)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *group = NULL;

	while (file && (group = fgetgrent(file)))
		if (take(search, group->gr_name, group->gr_gid))
			break;
	if (group)
		search->id = group->gr_gid;
	if (file)
		fclose(file);
	return group;
}

static int find(const char *word, bool (*find_it)(struct search *), uint32_t *id)
{
	struct search search = { .name = word };
	uint64_t number;

	/* The largest number means "leave unchanged" in calls that set an owner. */
	if (!num_parse(word, 0, UINT32_MAX - 1, &number)) {
		*id = (uint32_t)number;
		return 0;
	}
	if (!find_it(&search))
		return -ENOENT;
	*id = search.id;
	return 0;
}

int accounts_user(const char *word, uint32_t *id)
{
	return find(word, find_user, id);
}

int accounts_group(const char *word, uint32_t *id)
{
	return find(word, find_group, id);
}

static void format(uint32_t id, bool (*find_it)(struct search *), char *text)
{
	struct search search = { .id = id, .found = text };

	if (!find_it(&search) || strlen(text) + 1 >= ACCOUNT_TEXT_SIZE)
		snprintf(text, ACCOUNT_TEXT_SIZE, "%u", id);
}

void accounts_format_user(uint32_t id, char text[static ACCOUNT_TEXT_SIZE])
{
	format(id, find_user, text);
}

void accounts_format_group(uint32_t id, char text[static ACCOUNT_TEXT_SIZE])
{
	format(id, find_group, text);
}
