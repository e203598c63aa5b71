/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_SESSION_H
#define VDUSE_SESSION_H

#include "base/caller.h"
#include "vduse/kernel/kernel.h"

/* What operations work with: the control node, and who asked for them. */
struct session {
	struct caller *caller;
	/* By which devices are created; it is kept for those that follow in a batch. */
	struct control control;
};

#endif
