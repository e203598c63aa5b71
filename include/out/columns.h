/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "base/base.h"

/* Marks in a text that stand for a blank. Names and values never hold such bytes: they are escaped.
 */
#define COLUMNS_CELL  '\x1c' /* a cell ends here, and may be widened */
#define COLUMNS_BREAK '\x1d' /* a line that is too long may be broken here */

/*
 * Lays a text of lines out for a terminal. Cells stand below those with the same first word and
 * the same place in other lines, of those that begin with blanks, or of those that do not. A long
 * line is broken at its marks, and goes on below the first of them.
 * @text: @length bytes. @width: of the terminal, in characters.
 * @result_length: how many bytes it has then.
 * Returns what the caller frees, or NULL for want of memory.
 */
char *columns_lay_out(const char *text, size_t length, unsigned int width, size_t *result_length);

#endif
