/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MASK_H
#define MASK_H

#include "base/err.h"

/*
 * Reads a mask: numbers and names joined by commas. Each adds its bits; with a leading "-" it
 * clears them from the parts before it.
 * @bits: finds the bits of a name. It returns 0, -ERANGE, or another errno for an unknown name.
 * @bad: on failure, the part that was refused, of *@bad_length bytes.
 * Returns 0; -ENOENT for a name that @bits does not know, which the caller explains; or -EINVAL
 * with
 * @err filled for an empty part or a number beyond 64 bits.
 */
typedef int mask_bits(const char *name, const void *data, uint64_t *bits);
int mask_parse(const char *word, mask_bits *bits, const void *data, uint64_t *mask,
	       const char **bad, size_t *bad_length, struct err *err);

#endif
