/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ADD_CHECKS_H
#define VDPA_DEV_ADD_CHECKS_H

#include "session.h"

/*
 * Refuses what the management device is certain to refuse, where it would answer with nothing but
 * an errno. Returns 0, or -EOPNOTSUPP with @err filled; what cannot be looked up is left for the
 * kernel to refuse.
 */
int add_check_queues(struct session *session, const struct dev_new *dev, struct err *err);

#endif
