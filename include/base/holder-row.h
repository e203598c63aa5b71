/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HOLDER_ROW_H
#define HOLDER_ROW_H

#include <stdint.h>

/* A process that has a device open, as the output shows it. */
struct holder_row {
	uint32_t pid;
	const char *command; /* name of the process, at most 15 bytes */
};

#endif
