/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_MONITOR_H
#define VDPA_MONITOR_H

#include "base/err.h"

/*
 * The command "monitor": prints what happens to devices and management devices until it is told to
 * end, or cannot print. @app: a struct vdpa.
 */
int monitor(void *app, const void *args, struct err *err);

#endif
