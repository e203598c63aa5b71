/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ENSURE_H
#define VDPA_DEV_ENSURE_H

#include "session.h"

/*
 * Whether the device that is there already has all that was asked for.
 * @dev: with the features resolved.
 * Returns 0; -EEXIST with the differences in @err; -ENODEV when it has gone.
 */
int ensure_same(struct session *session, const struct dev_new *dev, struct err *err);

#endif
