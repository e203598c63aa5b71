/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_SAVE_H
#define VDPA_SAVE_H

#include "base/list.h"
#include "state.h"

/* Of the document that "save" prints and "apply" reads. */
#define SAVE_VERSION 1

/* A device that exists, as "dev add" would make it again. */
struct saved {
	struct dev_new dev;
	uint64_t unknown; /* attributes that its management device takes and the kernel keeps to
			     itself: bit N for number N */
	uint64_t untaken; /* that are known, and are not to be set */
};

/*
 * Fills @saved with what @dev is. @texts: gets the strings that are made for it; the others are
 * those of @state. Returns 0 or -ENOMEM.
 */
int save_device(const struct state *state, const struct dev *dev, struct saved *saved,
		struct list *texts);

#endif
