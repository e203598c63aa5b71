/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ADD_H
#define VDPA_DEV_ADD_H

#include "session.h"

/*
 * Handler of "dev add", whose arguments are a struct dev_new.
 * @added: filled on success with what was done.
 */
int dev_add(struct session *session, const struct dev_new *wanted, struct dev_added *added,
	    struct err *err);

#endif
