/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ADD_CHECKS_H
#define VDPA_DEV_ADD_CHECKS_H

#include "session.h"

/* Whether the words of @dev fit together. Returns 0 or a usage error. */
int add_check_words(const struct dev_new *dev, struct err *err);

/* Whether something of @dev can only be understood when its management device is known. */
bool add_needs_mgmtdev(const struct dev_new *dev);

/*
 * Fills in what depends on the management device: the bits of the features' names, as many pairs as
 * there can be. Checks that it makes devices of the type and offers the features.
 * Returns 0, or a negative errno with @err filled.
 */
int add_resolve(struct caller *caller, struct dev_new *dev, const struct mgmtdev *mgmtdev,
		struct err *err);

/*
 * Whether the management device of @dev has the queues for its max_vqp. Returns 0, also where that
 * cannot be known, or -EINVAL with the numbers in @err.
 */
int add_check_queues(struct session *session, const struct dev_new *dev, struct err *err);

#endif
