/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_SESSION_H
#define VDPA_SESSION_H

#include "base/caller.h"
#include "sys/nl.h"
#include "vdpa/model/model.h"

/* The connection to the kernel, and the caller that gets warnings and reports. */
struct session {
	struct caller *caller;
	struct nl nl;
};

#endif
