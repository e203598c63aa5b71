/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "base/base.h"

/*
 * Marks that stand in place of a blank. Names and values never hold these bytes, because they are
 * escaped.
 */
#define COLUMNS_CELL  '\x1c' /* a cell ends here and may be padded */
#define COLUMNS_BREAK '\x1d' /* a long line may be broken here */

/*
 * Lays out lines of text for a terminal. Cells are aligned with those at the same place in other
 * lines that begin with the same word; indented lines are aligned separately. A long line is broken
 * at its marks and continues below the first of them.
 * @text: @length bytes. @width: of the terminal, in cells.
 * @result_length: bytes of the result.
 * Returns the result, which the caller frees, or NULL if there is no memory.
 */
char *columns_lay_out(const char *text, size_t length, unsigned int width, size_t *result_length);

#endif
