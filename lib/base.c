/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base.h"

#include <errno.h>

int list_add(struct list *list, void *item)
{
	if (list->count == list->size) {
		size_t size = list->size ? 2 * list->size : 16;
		void **items = reallocarray(list->items, size, sizeof(*items));

		if (!items) {
			free(item);
			return -ENOMEM;
		}
		list->items = items;
		list->size = size;
	}
	list->items[list->count++] = item;
	return 0;
}

void list_clear(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct list){ 0 };
}

static const char *item_name(const void *item, size_t name_offset)
{
	return *(const char *const *)((const char *)item + name_offset);
}

/* FNV-1a, 32 bits. */
static uint32_t hash(const char *string)
{
	uint32_t sum = 2166136261U;

	for (; *string; string++)
		sum = (sum ^ (unsigned char)*string) * 16777619U;
	return sum;
}

int list_unique(struct list *list, size_t name_offset)
{
	_cleanup_free_ void **table = NULL;
	size_t size = 16, kept = 0;

	if (list->count < 2)
		return 0;
	while (size < 2 * list->count)
		size *= 2;
	table = calloc(size, sizeof(*table));
	if (!table)
		return -ENOMEM;

	for (size_t i = 0; i < list->count; i++) {
		const char *name = item_name(list->items[i], name_offset);
		size_t slot = hash(name) & (size - 1);

		while (table[slot] && !str_equal(item_name(table[slot], name_offset), name))
			slot = (slot + 1) & (size - 1);
		if (table[slot]) {
			free(list->items[i]);
			continue;
		}
		table[slot] = list->items[i];
		list->items[kept++] = list->items[i];
	}
	list->count = kept;
	return 0;
}
