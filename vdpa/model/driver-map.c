/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A map from the names of devices to their drivers. */
#include "driver-map.h"

#include <search.h>

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct driver_entry *)a)->name,
		      ((const struct driver_entry *)b)->name);
}

static void free_entry(void *item)
{
	struct driver_entry *entry = item;

	free(entry->driver);
	free(entry);
}

/* The C library's tree holds pointers to our entries, so tfind() returns a pointer to a pointer. */
static struct driver_entry *find(const struct driver_map *set, const char *name)
{
	const struct driver_entry key = { .name = name };
	struct driver_entry **item = tfind(&key, &set->root, compare);

	return item ? *item : NULL;
}

const struct driver_entry *driver_map_find(const struct driver_map *set, const char *name)
{
	return find(set, name);
}

bool driver_entry_is(const struct driver_entry *entry, const char *driver)
{
	if (!entry->driver || !driver)
		return !entry->driver && !driver;
	return str_equal(entry->driver, driver);
}

static struct driver_entry *add(struct driver_map *set, const char *name)
{
	size_t size = strlen(name) + 1;
	struct driver_entry *entry = malloc(sizeof(*entry) + size);

	if (!entry)
		return NULL;
	*entry = (struct driver_entry){ .name = memcpy(entry + 1, name, size) };
	if (tsearch(entry, &set->root, compare))
		return entry;
	free_entry(entry);
	return NULL;
}

int driver_map_put(struct driver_map *set, const char *name, const char *driver, struct err *err)
{
	struct driver_entry *entry = find(set, name);

	if (!entry)
		entry = add(set, name);
	if (!entry)
		return err_memory(err);
	free(entry->driver);
	entry->driver = driver ? strdup(driver) : NULL;
	return driver && !entry->driver ? err_memory(err) : 0;
}

void driver_map_remove(struct driver_map *set, const char *name)
{
	struct driver_entry *entry = find(set, name);

	if (!entry)
		return;
	tdelete(entry, &set->root, compare);
	free_entry(entry);
}

void driver_map_clear(struct driver_map *set)
{
	tdestroy(set->root, free_entry);
	set->root = NULL;
}

struct visits {
	int (*visit)(void *data, const struct driver_entry *entry);
	void *data;
	int ret;
};

static void visit(const void *item, VISIT order, void *data)
{
	struct visits *visits = data;

	/* twalk() visits an inner node three times: its second visit is the one in sorted order. */
	if (!visits->ret && (order == postorder || order == leaf))
		visits->ret =
			visits->visit(visits->data, *(const struct driver_entry *const *)item);
}

int driver_map_each(const struct driver_map *set,
		    int (*each)(void *data, const struct driver_entry *entry), void *data)
{
	struct visits visits = { .visit = each, .data = data };

	twalk_r(set->root, visit, &visits);
	return visits.ret;
}
