/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ADD_CHECKS_H
#define VDPA_DEV_ADD_CHECKS_H

#include "session.h"

/* Checks that the words of @dev can be combined. Returns 0 or a usage error. */
int add_check_words(const struct dev_new *dev, struct err *err);

/* Returns whether some words of @dev depend on the management device: see add_resolve(). */
bool add_needs_mgmtdev(const struct dev_new *dev);

/*
 * Fills in the values that depend on the management device: the bits of named features, and the
 * number for "max_vqp max". Checks that it can create devices of the type and offer the features.
 * Returns 0, or a negative errno with @err filled.
 */
int add_resolve(struct caller *caller, struct dev_new *dev, const struct mgmtdev *mgmtdev,
		struct err *err);

/*
 * Checks that the management device of @dev has enough queues for its max_vqp. Returns 0, also if
 * it does not report its queues, or -EOPNOTSUPP with the numbers in @err.
 */
int add_check_queues(struct session *session, const struct dev_new *dev, struct err *err);

#endif
