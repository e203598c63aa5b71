/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DRIVER_MAP_H
#define VDPA_DRIVER_MAP_H

#include "base/err.h"

/* A device or management device, and the driver that it was bound to when it was last reported. */
struct driver_entry {
	const char *name;
	char *driver; /* NULL: no driver */
};

/* Entries by name. Initialize it with zeros. Unlike a list, single entries can be removed. */
struct driver_map {
	void *root;
};

/* Returns the entry of this name, or NULL. */
const struct driver_entry *driver_map_find(const struct driver_map *set, const char *name);

/* Returns whether the entry has this driver; NULL asks whether it has none. */
bool driver_entry_is(const struct driver_entry *entry, const char *driver);

/*
 * Adds @name, or changes its driver. @driver: NULL for none. Both strings are copied. Returns 0 or
 * -ENOMEM.
 */
int driver_map_put(struct driver_map *set, const char *name, const char *driver, struct err *err);

/* Removes @name, if it is there. */
void driver_map_remove(struct driver_map *set, const char *name);
void driver_map_clear(struct driver_map *set);

/*
 * Calls @visit for each entry, in the order of the names, until a call returns something else than
 * 0. Returns that, or 0. @visit must not change the map.
 */
int driver_map_each(const struct driver_map *set,
		    int (*visit)(void *data, const struct driver_entry *entry), void *data);

#endif
