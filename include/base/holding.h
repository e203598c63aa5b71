/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HOLDING_H
#define HOLDING_H

#include <stdint.h>

/* A process that has something open, as it is shown. */
struct holding {
	uint32_t pid;
	const char *command; /* its name as the kernel keeps it */
};

#endif
