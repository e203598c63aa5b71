/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the width of a terminal. */
#include "sys/terminal.h"

#include <sys/ioctl.h>

unsigned int terminal_columns(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size))
		return 0;
	/* Serial consoles often report no size at all. */
	return size.ws_col ? size.ws_col : 80;
}
