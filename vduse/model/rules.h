/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_RULES_H
#define VDUSE_RULES_H

#include "model.h"

/*
 * The kernel answers EINVAL to most faults of a new device, and does not say which one it is. These
 * functions check its rules first. They return 0, or a negative errno with the broken rule in @err.
 */

/* Checks the rules of all kernels: usage errors. @page: size of a page, bytes. */
int rules_check(const struct dev_new *dev, size_t page, struct err *err);

/*
 * Checks the rules of a kernel that offers this API version and these features of VDUSE: status 7.
 * @has_features: false if the kernel is too old to have any.
 * @version: set to the version to create the device with.
 */
int rules_check_kernel(const struct dev_new *dev, uint64_t offered_version, bool has_features,
		       uint64_t offered_features, uint64_t *version, struct err *err);

/* The features that the device still needs. */
uint64_t rules_needed_features(const struct dev_new *dev);

/*
 * Builds the configuration space of @dev from its values, in the layouts of the virtio
 * specification, unless the user gave one. Returns 0 or -ENOMEM.
 */
int rules_make_config(struct dev_new *dev, struct err *err);

#endif
