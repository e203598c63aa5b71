/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of devices by name, with their drivers. */
#include "known.h"

#include <search.h>

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->name, ((const struct known *)b)->name);
}

static void free_known(void *item)
{
	struct known *known = item;

	free(known->driver);
	free(known);
}

/* An item of the C library's tree is a pointer to ours. */
static struct known *find(const struct known_set *set, const char *name)
{
	const struct known key = { .name = name };
	struct known **item = tfind(&key, &set->root, compare);

	return item ? *item : NULL;
}

const struct known *known_find(const struct known_set *set, const char *name)
{
	return find(set, name);
}

bool known_driver_is(const struct known *known, const char *driver)
{
	if (!known->driver || !driver)
		return !known->driver && !driver;
	return str_equal(known->driver, driver);
}

static struct known *add(struct known_set *set, const char *name)
{
	size_t size = strlen(name) + 1;
	struct known *known = malloc(sizeof(*known) + size);

	if (!known)
		return NULL;
	*known = (struct known){ .name = memcpy(known + 1, name, size) };
	if (tsearch(known, &set->root, compare))
		return known;
	free_known(known);
	return NULL;
}

int known_put(struct known_set *set, const char *name, const char *driver, struct err *err)
{
	struct known *known = find(set, name);

	if (!known)
		known = add(set, name);
	if (!known)
		return err_memory(err);
	free(known->driver);
	known->driver = driver ? strdup(driver) : NULL;
	return driver && !known->driver ? err_memory(err) : 0;
}

void known_drop(struct known_set *set, const char *name)
{
	struct known *known = find(set, name);

	if (!known)
		return;
	tdelete(known, &set->root, compare);
	free_known(known);
}

void known_clear(struct known_set *set)
{
	tdestroy(set->root, free_known);
	set->root = NULL;
}

struct visits {
	int (*visit)(void *data, const struct known *known);
	void *data;
	int ret;
};

static void visit(const void *item, VISIT order, void *data)
{
	struct visits *visits = data;

	if (!visits->ret && (order == postorder || order == leaf))
		visits->ret = visits->visit(visits->data, *(const struct known *const *)item);
}

int known_each(const struct known_set *set, int (*each)(void *data, const struct known *known),
	       void *data)
{
	struct visits visits = { .visit = each, .data = data };

	twalk_r(set->root, visit, &visits);
	return visits.ret;
}
