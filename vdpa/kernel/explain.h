/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_EXPLAIN_H
#define VDPA_EXPLAIN_H

#include "base/err.h"
#include "vdpa/model/model.h"

/*
 * These functions turn the kernel's answer, which @err holds, into a sentence that says what was
 * tried and why it failed, with a hint if something can be done. They return its code as a negative
 * errno.
 */
int explain(struct err *err, const char *tried);

/* @verb: "show", "delete"; the name of the device follows it in the sentence. */
int explain_dev(struct err *err, const char *name, const char *verb);
int explain_mgmtdev(struct err *err, const struct handle *handle);

/* @mgmtdev: the management device as the kernel describes it, or NULL. */
int explain_add(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev);

/*
 * Checks that @mgmtdev has enough queues for the pairs that @dev asks for. Returns 0, or
 * -EOPNOTSUPP with the numbers in @err.
 */
int explain_queues(struct err *err, const struct dev_new *dev, const struct mgmtdev *mgmtdev);

/*
 * Checks that a kernel that knows the attributes @known ignores none of @dev's settings. Returns 0,
 * or -EOPNOTSUPP with their words in @err.
 */
int explain_ignored(struct err *err, const struct dev_new *dev, uint64_t known);

/* Removes "vdpa: ", which starts the kernel's messages: ours start with the tool's name already. */
void explain_trim(struct err *err);

/* Adds a hint that depends on the error alone: a missing family, a missing right. */
void explain_hint(struct err *err);
void explain_no_mgmtdev(struct err *err, const struct handle *handle);

/* Proposes modules that bring management devices, of those that this host has. */
void explain_hint_mgmtdevs(struct err *err);

/* Reports that the kernel lacks the command that changes a device. Returns -EOPNOTSUPP. */
int explain_no_attr_set(struct err *err, const char *name);

#endif
