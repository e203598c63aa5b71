/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUARD_INTERNAL_H
#define GUARD_INTERNAL_H

#include "sys/guard.h"

#include <limits.h>
#include <signal.h>
#include <stdatomic.h>

/* What the child, which does the work, shares with the parent, which watches it. */

#define GUARD_NUDGE 20 /* ms between wake-ups of the child: one may come just before it waits */

/*
 * Interrupts the child's system calls. The signal has no other use here, and its default action is
 * to be ignored.
 */
#define GUARD_WAKE SIGURG

/* A count of holds that no child reaches. It means that we have decided to leave. */
#define GUARD_LEAVING (INT_MIN / 2)

struct guard_state {
	bool active;
	pid_t parent, child;
	void (*work)(void *data);
	void *data;
	void (*say)(void *data, enum guard_note note);
	void *say_data;

	atomic_int holds;
	atomic_int signal; /* the first signal, or 0; or COMMITTED */
	int late;	   /* a signal after the commit, or 0 */
	atomic_bool expected, forgiven;
	bool undoing;
	int64_t signal_time;
	atomic_bool left; /* we are about to end, while the child undoes its work */

	/* The current call of the child. */
	atomic_bool in_call, changes;
	atomic_uint calls;     /* number of calls made so far */
	atomic_llong began;    /* ms */
	atomic_int limit;      /* ms, or 0 */
	const char *awaited;   /* NULL: the kernel */
	unsigned int reported; /* number of the last call that was reported */
	atomic_bool reporting; /* we use the C library: the child must not */

	/* eventfd that tells the parent of a new call when it may sleep for long, or -1. */
	atomic_int began_call;
};

extern struct guard_state guard;

/*
 * Blocks the signals that end or stop a program, so that guard_watch() reads them.
 * @before: set to the mask that was in force.
 */
void guard_take_signals(sigset_t *taken, sigset_t *before);

/*
 * Returns when the child, a process that @pidfd refers to, has ended, and ends this program by the
 * signal that ended the work. @signals: a signalfd for those that were taken.
 */
void guard_watch(int pidfd, int signals);

#endif
