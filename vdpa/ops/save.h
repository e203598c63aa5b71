/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_SAVE_H
#define VDPA_SAVE_H

#include "base/list.h"
#include "state.h"

/* Version of the document that "save" prints and "apply" reads. */
#define SAVE_VERSION 1

/* An existing device, as the words of "dev add" that would create it again. */
struct saved {
	struct dev_new dev;
	uint64_t unknown;    /* attributes that the kernel does not report: bit N for number N */
	uint64_t unsettable; /* attributes whose value is known, but cannot be set */
};

/*
 * Fills @saved from @dev. New strings go into @texts; the others are borrowed from @state. Returns
 * 0 or a negative errno.
 */
int save_device(const struct state *state, const struct dev *dev, struct saved *saved,
		struct list *texts);

#endif
