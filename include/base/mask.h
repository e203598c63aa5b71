/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MASK_H
#define MASK_H

#include "base/base.h"

/*
 * Reads a mask: numbers and names joined by commas, each adding its bits, or with a leading "-"
 * taking them away from what stands before it.
 * @bits: finds a name's bits. Returns 0, or -ENOENT for a name it does not know.
 * @bad: set to the part that was refused, of *@bad_length bytes, on failure.
 * Returns 0, -EINVAL (an empty part), -ERANGE (more than 64 bits) or what @bits said.
 */
typedef int mask_bits(const char *name, const void *data, uint64_t *bits);
int mask_parse(const char *word, mask_bits *bits, const void *data, uint64_t *mask,
	       const char **bad, size_t *bad_length);

#endif
