/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INDEX_H
#define INDEX_H

#include "base/base.h"
#include "base/list.h"

/* The items of a list in the order of their names, to be found by them. */
struct index {
	void **items;
	size_t count;
	size_t name_offset; /* where in an item its "const char *" name lies */
};

#define INDEX_INIT(T, member)                                                                      \
	{                                                                                          \
		.name_offset = offsetof(T, member)                                                 \
	}

/*
 * Orders the items that @list has now; these stay the list's. Of several of one name it has all,
 * those that are first in the list first. Returns 0 or -ENOMEM.
 */
int index_build(struct index *index, const struct list *list);

/* The first item of this name, or NULL. */
void *index_find(const struct index *index, const char *name);

void index_release(struct index *index);

#endif
