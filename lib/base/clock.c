/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clock that measures timeouts and pauses. */
#include "base/clock.h"

#include <time.h>

int64_t clock_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
