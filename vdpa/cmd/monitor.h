/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_MONITOR_H
#define VDPA_MONITOR_H

#include "base/err.h"

/* The handler of "monitor": prints events until a signal ends it, or its output is closed. */
int monitor(void *app, const void *args, struct err *err);

#endif
