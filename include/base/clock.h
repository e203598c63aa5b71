/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/*
 * Milliseconds of CLOCK_MONOTONIC: setting the time of day does not change it, and it stands still
 * while the machine is suspended.
 */
int64_t clock_milliseconds(void);

#endif
