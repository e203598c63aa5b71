/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TERMINAL_H
#define TERMINAL_H

/*
 * Returns the width in characters of the terminal @fd, 80 if it is unknown, or 0 if @fd is not a
 * terminal.
 */
unsigned int terminal_columns(int fd);

#endif
