/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_SESSION_H
#define VDUSE_SESSION_H

#include "base/caller.h"
#include "vduse/kernel/kernel.h"

/* The state that operations share: who runs them, and the control node. */
struct session {
	struct caller *caller;
	/* It stays open for later lines of a batch. */
	struct control control;
};

#endif
