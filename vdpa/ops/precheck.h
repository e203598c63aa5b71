/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_PRECHECK_H
#define VDPA_PRECHECK_H

#include "base/err.h"

/*
 * What the kernel would wait for without limit, with every other vdpa command of the host behind
 * it, or would not survive. All return 0, or -EBUSY with the reason and what to do in @err.
 */

/*
 * Deleting @dev: somebody has its /dev/vhost-vdpa-N open, or it is one of several on a PCI function
 * of vp_vdpa, which deletes the wrong one, or brings the kernel down.
 */
int precheck_del(const char *dev, struct err *err);

/* Binding @dev to @driver, "none" or another: the same for the node, or as below. */
int precheck_bind(const char *dev, const char *driver, struct err *err);

/*
 * Adding @dev to the management device of VDUSE while virtio_vdpa takes it, which speaks to the
 * program that serves it: there is none.
 * @driver: that it will be bound to, or NULL: the kernel chooses.
 */
int precheck_vduse(const char *dev, const char *driver, struct err *err);

#endif
