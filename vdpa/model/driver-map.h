/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DRIVER_MAP_H
#define VDPA_DRIVER_MAP_H

#include "base/err.h"

/* A device or management device that somebody has been told of. */
struct driver_entry {
	const char *name;
	char *driver; /* that it is bound to, or NULL */
};

/* Such by name, as many as there are; zero is the empty set. Unlike a list it forgets as well. */
struct driver_map {
	void *root;
};

/* The one of this name, or NULL. */
const struct driver_entry *driver_map_find(const struct driver_map *set, const char *name);

/* Whether it is bound to @driver, or to none with NULL. */
bool driver_entry_is(const struct driver_entry *entry, const char *driver);

/* Adds @name, or changes its driver; NULL for none. Strings are copied. Returns 0 or -ENOMEM. */
int driver_map_put(struct driver_map *set, const char *name, const char *driver, struct err *err);

/* Takes @name out, if it is there. */
void driver_map_remove(struct driver_map *set, const char *name);
void driver_map_clear(struct driver_map *set);

/*
 * Calls @visit for each, by the order of their names. Returns 0, or what the first call returned
 * that was not 0, and ends there. The set must not change meanwhile.
 */
int driver_map_each(const struct driver_map *set,
		    int (*visit)(void *data, const struct driver_entry *entry), void *data);

#endif
