/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_EXPLAIN_H
#define VDPA_EXPLAIN_H

#include "base/err.h"
#include "vdpa/model/model.h"

/*
 * Turns what the kernel said into a sentence that says what was tried and why it failed, with a
 * hint where something can be done. All take an @err that holds the kernel's answer, and return
 * its code as a negative errno.
 */
int explain(struct err *err, const char *tried);

/* @verb: "show", "delete"; the device is named behind it. */
int explain_dev(struct err *err, const char *name, const char *verb);
int explain_mgmtdev(struct err *err, const struct handle *handle);

/* @mgmtdev: what it says of itself; NULL where that is unknown. */
int explain_add(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev);

/*
 * Whether the pairs of queues that @dev is to have are more than @mgmtdev has. Returns 0, or
 * -EOPNOTSUPP with the numbers in @err.
 */
int explain_queues(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev);

/*
 * Whether a kernel that knows the attributes @known would ignore some of @dev's. Returns 0, or
 * -EOPNOTSUPP with their words in @err.
 */
int explain_ignored(struct err *err, const struct dev_new *dev, uint64_t known);

/* For those functions: the kernel's words without its name, which stands before ours already. */
void explain_trim(struct err *err);

/* Hints that fit whatever was tried. */
void explain_hint(struct err *err);
void explain_no_mgmtdev(struct err *err, const struct handle *handle);

/* Which modules bring management devices, of those that there are on this host. */
void explain_hint_mgmtdevs(struct err *err);

/* A kernel without the command to change a device. */
int explain_no_attr_set(struct err *err, const char *name);

#endif
