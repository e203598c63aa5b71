/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_EXPLAIN_H
#define VDPA_EXPLAIN_H

#include "err.h"
#include "model.h"

/*
 * Turns what the kernel said into a sentence that says what was tried and why it failed, with a
 * hint where something can be done. All take an @err that holds the kernel's answer, and return
 * its code as a negative errno.
 */
int explain(struct err *err, const char *tried);

/* @verb: "show", "delete"; the device is named behind it. */
int explain_dev(struct err *err, const char *name, const char *verb);
int explain_mgmtdev(struct err *err, const struct handle *handle);
int explain_add(struct err *err, const struct dev_new *dev);

/* A kernel without the command to change a device. */
int explain_no_attr_set(struct err *err, const char *name);

#endif
