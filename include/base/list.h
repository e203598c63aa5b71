/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIST_H
#define LIST_H

#include "base/base.h"

/*
 * A growing list of items that it owns, of any sizes. They are cut from large pieces of memory,
 * since a list may be long and is freed as a whole.
 */
struct list {
	void **items;
	size_t count, size;
	struct list_piece *pieces;
};

/*
 * Appends an item of @size bytes, of which nothing is set. Returns it, aligned for any type, or
 * NULL when there is no memory.
 */
void *list_new(struct list *list, size_t size);

/*
 * Copies @text into the list's memory, for an item to point at. Returns the copy, which lives as
 * long as the items, or NULL when there is no memory.
 */
const char *list_text(struct list *list, const char *text);

/* Frees the items and leaves an empty list, ready for use. */
void list_clear(struct list *list);

/*
 * The item of this name, or NULL.
 * @name_offset: as in list_unique().
 * @next: where to look first, which is left behind the item that was found: lists in the kernel's
 * order follow each other, and the one that is wanted is mostly the very next. NULL: all of them.
 */
void *list_find(const struct list *list, size_t name_offset, const char *name, size_t *next);

/*
 * Keeps the first of the items that share a name, in their order, and drops the others.
 * @name_offset: where in an item its "const char *" name lies.
 * Returns 0 or -ENOMEM.
 */
int list_unique(struct list *list, size_t name_offset);

#endif
