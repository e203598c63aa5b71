/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds items of a list by name, with a sorted index. */
#include "base/index.h"

#include "base/list.h"

#include <errno.h>

static const char *name_of(const struct index *index, const void *item)
{
	return *(const char *const *)((const char *)item + index->name_offset);
}

/* glibc's qsort_r() keeps the order of equal items as long as it has memory for a merge sort. */
static int compare(const void *a, const void *b, void *index)
{
	return strcmp(name_of(index, *(void *const *)a), name_of(index, *(void *const *)b));
}

int index_build(struct index *index, const struct list *list)
{
	index->count = list->count;
	index->items = calloc(list->count + 1, sizeof(*index->items));
	if (!index->items)
		return -ENOMEM;
	if (list->count)
		memcpy(index->items, list->items, list->count * sizeof(*index->items));
	qsort_r(index->items, index->count, sizeof(*index->items), compare, index);
	return 0;
}

void *index_find(const struct index *index, const char *name)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (strcmp(name_of(index, index->items[middle]), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < index->count && str_equal(name_of(index, index->items[low]), name))
		return index->items[low];
	return NULL;
}

void index_release(struct index *index)
{
	free(index->items);
	index->items = NULL;
	index->count = 0;
}
