/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_KERNEL_ALIAS_H
#define VFIO_KERNEL_ALIAS_H

#include "base/list.h"
#include "kernel.h"

/*
 * Index 11 of the features. Kernels use it for DMA_BUF, which has a GET; a proposal, which may
 * still change, uses it for ALIAS_REGION, which has a SET and reads its payload even when it is
 * only probed. This file alone knows either payload.
 */

/* Tells which of both the device has. */
int kernel_index_11(const struct session *session, enum index_11 *kind, struct err *err);

/*
 * Asks which flags an alias of each region could have, and makes none. Fills alias and
 * alias_flags of @regions, of struct region. -EOPNOTSUPP: there are no aliases.
 */
int kernel_alias_flags(const struct session *session, struct list *regions, struct err *err);

/*
 * Makes an alias of a region, or finds the one that the open device has of it with these flags.
 * @flags: bits of VFIO_REGION_... that it is to have besides.
 * @alias: set to the index of the new region.
 */
int kernel_alias(const struct session *session, const struct region *region, uint32_t flags,
		 uint32_t *alias, struct err *err);

#endif
