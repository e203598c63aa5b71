/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HOLDER_ROW_H
#define HOLDER_ROW_H

#include <stdint.h>

/* A process that has something open, as it is shown. */
struct holder_row {
	uint32_t pid;
	const char *command; /* its name as the kernel keeps it */
};

#endif
