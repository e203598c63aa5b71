/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ENSURE_H
#define VDPA_DEV_ENSURE_H

#include "session.h"

/*
 * Compares the device that exists already with @dev, whose features must be resolved.
 * Returns 0 if it matches; -EEXIST with the differences in @err; -ENODEV if it was deleted since.
 */
int ensure_same(struct session *session, const struct dev_new *dev, struct err *err);

#endif
