/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KNOWN_H
#define VDPA_KNOWN_H

#include "base/err.h"

/* A device or management device that somebody has been told of. */
struct known {
	const char *name;
	char *driver; /* that it is bound to, or NULL */
};

/* Such by name, as many as there are; zero is the empty set. Unlike a list it forgets as well. */
struct known_set {
	void *root;
};

/* The one of this name, or NULL. */
const struct known *known_find(const struct known_set *set, const char *name);

/* Whether it is bound to @driver, or to none with NULL. */
bool known_driver_is(const struct known *known, const char *driver);

/* Adds @name, or changes its driver; NULL for none. Strings are copied. Returns 0 or -ENOMEM. */
int known_put(struct known_set *set, const char *name, const char *driver, struct err *err);

/* Takes @name out, if it is there. */
void known_drop(struct known_set *set, const char *name);
void known_clear(struct known_set *set);

/*
 * Calls @visit for each, by the order of their names. Returns 0, or what the first call returned
 * that was not 0, and ends there. The set must not change meanwhile.
 */
int known_each(const struct known_set *set, int (*visit)(void *data, const struct known *known),
	       void *data);

#endif
