/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds items of a list by name, with a hash table. */
#include "base/index.h"

#include <errno.h>

struct index_slot {
	void *item; /* NULL: the slot is free */
	uint32_t hash;
};

static const char *name_of(const struct index *index, const void *item)
{
	return *(const char *const *)((const char *)item + index->name_offset);
}

/* FNV-1a, 32 bits. */
static uint32_t hash_of(const char *name)
{
	uint32_t sum = 2166136261U;

	for (; *name; name++)
		sum = (sum ^ (unsigned char)*name) * 16777619U;
	return sum;
}

/*
 * Returns the slot of this name, or the free one where it belongs. The table is at most half full,
 * so there always is one.
 */
static struct index_slot *find_slot(const struct index *index, const char *name, uint32_t hash)
{
	for (size_t at = hash;; at++) {
		struct index_slot *slot = &index->slots[at & (index->size - 1)];

		if (!slot->item ||
		    (slot->hash == hash && str_equal(name_of(index, slot->item), name)))
			return slot;
	}
}

/* Enters an item. Returns false if its name is there already. */
static bool enter(struct index *index, void *item)
{
	const char *name = name_of(index, item);
	const uint32_t hash = hash_of(name);
	struct index_slot *slot = find_slot(index, name, hash);

	if (slot->item)
		return false;
	*slot = (struct index_slot){ .item = item, .hash = hash };
	return true;
}

static int make_table(struct index *index, size_t count)
{
	index->size = 16;
	while (index->size < 2 * count)
		index->size *= 2;
	index->slots = calloc(index->size, sizeof(*index->slots));
	return index->slots ? 0 : -ENOMEM;
}

int index_build(struct index *index, const struct list *list)
{
	int ret = make_table(index, list->count);

	for (size_t i = 0; !ret && i < list->count; i++)
		enter(index, list->items[i]);
	return ret;
}

void *index_find(const struct index *index, const char *name)
{
	return index->slots ? find_slot(index, name, hash_of(name))->item : NULL;
}

void index_release(struct index *index)
{
	free(index->slots);
	index->slots = NULL;
	index->size = 0;
}

int index_drop_duplicates(struct list *list, size_t name_offset)
{
	_cleanup_(index_release) struct index index = { .name_offset = name_offset };
	size_t kept = 0;

	if (list->count < 2)
		return 0;
	if (make_table(&index, list->count))
		return -ENOMEM;
	for (size_t i = 0; i < list->count; i++)
		if (enter(&index, list->items[i]))
			list->items[kept++] = list->items[i];
	list->count = kept;
	return 0;
}
