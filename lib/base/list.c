/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists that own their items and the strings in them. */
#include "base/list.h"

#include <errno.h>

/* Bytes of a block of memory, unless an item needs more. */
#define PIECE_SIZE 16384

struct list_piece {
	struct list_piece *next;
	size_t used, size;
	max_align_t bytes[];
};

static bool grow(struct list *list)
{
	size_t size = list->size ? 2 * list->size : 64;
	void **items = reallocarray(list->items, size, sizeof(*items));

	if (!items)
		return false;
	list->items = items;
	list->size = size;
	return true;
}

static struct list_piece *new_piece(struct list *list, size_t size)
{
	struct list_piece *piece;

	size = size < PIECE_SIZE ? PIECE_SIZE : size;
	piece = malloc(sizeof(*piece) + size);
	if (!piece)
		return NULL;
	*piece = (struct list_piece){ .next = list->pieces, .size = size };
	list->pieces = piece;
	return piece;
}

/* Takes @size bytes from the current block, or from a new one if they do not fit. */
static void *cut(struct list *list, size_t size)
{
	const size_t alignment = _Alignof(max_align_t);
	struct list_piece *piece = list->pieces;
	void *bytes;

	size = (size + alignment - 1) & ~(alignment - 1);
	if (!piece || piece->size - piece->used < size)
		piece = new_piece(list, size);
	if (!piece)
		return NULL;
	bytes = (char *)piece->bytes + piece->used;
	piece->used += size;
	return bytes;
}

void *list_new(struct list *list, size_t size)
{
	void *item;

	if (list->count == list->size && !grow(list))
		return NULL;
	item = cut(list, size);
	if (item)
		list->items[list->count++] = item;
	return item;
}

void *list_bytes(struct list *list, size_t size)
{
	return cut(list, size);
}

const char *list_text(struct list *list, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = cut(list, size);

	return copy ? memcpy(copy, text, size) : NULL;
}

void list_clear(struct list *list)
{
	for (struct list_piece *piece = list->pieces, *next; piece; piece = next) {
		next = piece->next;
		free(piece);
	}
	free(list->items);
	*list = (struct list){ 0 };
}

static const char *item_name(const void *item, size_t name_offset)
{
	return *(const char *const *)((const char *)item + name_offset);
}

void *list_find(const struct list *list, size_t name_offset, const char *name, size_t *next)
{
	for (size_t i = next ? *next : 0; i < list->count; i++) {
		if (!str_equal(item_name(list->items[i], name_offset), name))
			continue;
		if (next)
			*next = i + 1;
		return list->items[i];
	}
	return NULL;
}
