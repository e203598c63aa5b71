/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TERMINAL_H
#define TERMINAL_H

/* How many characters a line of the terminal @fd has, 80 if it does not tell; 0: it is none. */
unsigned int terminal_columns(int fd);

#endif
