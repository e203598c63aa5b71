/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INDEX_H
#define INDEX_H

#include "base/base.h"
#include "base/list.h"

/* The items of a list, sorted by name for binary search. */
struct index {
	void **items;
	size_t count;
	size_t name_offset; /* offset of the item's "const char *" name */
};

#define INDEX_INIT(T, member)                                                                      \
	{                                                                                          \
		.name_offset = offsetof(T, member)                                                 \
	}

/*
 * Sorts the items that @list has now; the list still owns them. Items with the same name are all
 * kept, in the order of the list. Returns 0 or -ENOMEM.
 */
int index_build(struct index *index, const struct list *list);

/* Returns the first item with this name, or NULL. */
void *index_find(const struct index *index, const char *name);

void index_release(struct index *index);

#endif
