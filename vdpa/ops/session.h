/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_SESSION_H
#define VDPA_SESSION_H

#include "base/caller.h"
#include "sys/nl.h"
#include "vdpa/model/model.h"

/* What operations work with: the connection to the kernel, and who asked for them. */
struct session {
	struct caller *caller;
	struct nl nl;
};

#endif
