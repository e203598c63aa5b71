/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELLS_H
#define CELLS_H

#include "base/base.h"

/*
 * Returns how many cells of a terminal the @length bytes of UTF-8 at @text take: East Asian
 * characters take two, combining ones none. The text has no control characters.
 */
size_t cells_of(const char *text, size_t length);

#endif
