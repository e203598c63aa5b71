/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_RULES_H
#define VDUSE_RULES_H

#include "model.h"

/*
 * What the kernel holds against a new device, and would answer with an errno that says nothing of
 * the cause. All return 0, or a negative errno with the broken rule in @err.
 */

/* What no kernel takes: usage errors. @page: size of a page, bytes. */
int rules_check(const struct dev_new *dev, size_t page, struct err *err);

/*
 * What a kernel that offers this API version and these features of VDUSE takes: status 7.
 * @has_features: false where it knows no such features at all.
 * @version: set to the version that the device is to be made with.
 */
int rules_check_kernel(const struct dev_new *dev, uint64_t offered_version, bool has_features,
		       uint64_t offered_features, uint64_t *version, struct err *err);

/* The features that the device needs beyond those that it has. */
uint64_t rules_needed_features(const struct dev_new *dev);

/*
 * Makes the configuration space of @dev from its values, by the layouts of the virtio
 * specification. Returns 0 or -ENOMEM.
 */
int rules_make_config(struct dev_new *dev, struct err *err);

#endif
