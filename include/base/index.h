/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INDEX_H
#define INDEX_H

#include "base/base.h"
#include "base/list.h"

/* Finds items of a list by name: a hash table of the first item of each name. */
struct index {
	struct index_slot *slots;
	size_t size;	    /* of the table, a power of two, or 0 */
	size_t name_offset; /* offset of the item's "const char *" name */
};

#define INDEX_INIT(T, member)                                                                      \
	{                                                                                          \
		.name_offset = offsetof(T, member)                                                 \
	}

/*
 * Enters the items that @list has now; the list still owns them, and their names must not change.
 * Returns 0 or -ENOMEM.
 */
int index_build(struct index *index, const struct list *list);

/* Returns the first item with this name in the order of the list, or NULL. */
void *index_find(const struct index *index, const char *name);

void index_release(struct index *index);

/*
 * Keeps the first of the items that share a name, in their order, and drops the others.
 * @name_offset: offset of the item's "const char *" name.
 * Returns 0 or -ENOMEM.
 */
int index_drop_duplicates(struct list *list, size_t name_offset);

#endif
