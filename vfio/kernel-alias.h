/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_KERNEL_ALIAS_H
#define VFIO_KERNEL_ALIAS_H

#include "base/list.h"
#include "kernel.h"

/*
 * Feature index 11 has two meanings. Released kernels use it for DMA_BUF, which has a GET. A
 * proposal, which may still change, uses it for ALIAS_REGION, which has a SET and reads its payload
 * even when it is only probed. Only this file knows the payload, so that it is easy to follow the
 * proposal.
 */

/* Finds out which of the two the device has. */
int kernel_index_11(const struct session *session, enum index_11 *kind, struct err *err);

/*
 * Asks which flags an alias of each region could have; creates no alias. Fills the members alias
 * and alias_flags of @regions, a list of struct region. -EOPNOTSUPP: the kernel has no aliases.
 */
int kernel_alias_flags(const struct session *session, struct list *regions, struct err *err);

/*
 * Creates an alias of a region. If the open device has one with the same flags, finds that one.
 * @flags: bits of VFIO_REGION_... that the alias shall have.
 * @alias: set to the index of the alias, which is a region of its own.
 */
int kernel_alias(const struct session *session, const struct region *region, uint32_t flags,
		 uint32_t *alias, struct err *err);

#endif
