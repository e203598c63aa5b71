/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Milliseconds by a clock that runs evenly, and only while the machine does. */
int64_t clock_milliseconds(void);

#endif
