/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIST_H
#define LIST_H

#include "base/base.h"

/*
 * A growing list that owns its items, which may differ in size. The items are cut from large blocks
 * of memory: a list may have many thousands of them, and they are all freed together.
 */
struct list {
	void **items;
	size_t count, size;
	struct list_piece *pieces;
};

/*
 * Appends an uninitialized item of @size bytes. Returns it, aligned for any type, or NULL if there
 * is no memory.
 */
void *list_new(struct list *list, size_t size);

/*
 * Returns @size bytes of the list's memory, aligned for any type and not set, or NULL if there is
 * no memory. They live as long as the items.
 */
void *list_bytes(struct list *list, size_t size);

/*
 * Copies @text into the list's memory, for an item to point at. Returns the copy, which lives as
 * long as the items, or NULL if there is no memory.
 */
const char *list_text(struct list *list, const char *text);

/* Frees the items. The list is empty afterwards and can be used again. */
void list_clear(struct list *list);

/*
 * Returns the item with this name, or NULL.
 * @name_offset: offset of the item's "const char *" name.
 * @next: index at which the search begins; afterwards it is the index after the item that was
 * found. Two lists in the kernel's order are matched quickly this way, because the next name is
 * usually the next item. NULL searches the whole list.
 */
void *list_find(const struct list *list, size_t name_offset, const char *name, size_t *next);

#endif
