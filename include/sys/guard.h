/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUARD_H
#define GUARD_H

#include "base/err.h"

#include <sys/types.h>

/*
 * The kernel does its work inside the system call of whoever asks for it. Some calls never return,
 * and no signal ends such a wait: for example when a vdpa device is deleted whose node is open. So
 * a child that shares our memory and files does the work of a run, while we hold the terminal. We
 * say what takes long, pass signals on, and leave when the user wants to, whatever the kernel still
 * does.
 */

enum guard_note {
	GUARD_LATE,	   /* a call has taken two seconds; reported once for each call */
	GUARD_LEFT,	   /* we leave during a call that changes something */
	GUARD_LEFT_UNDOING /* the same, and the child will undo it when the call returns */
};

/*
 * Runs @work in a child and returns when it has ended. If no child can be started, @work runs here.
 * A signal that would end the program ends it at once or, while the work holds (see guard_hold()),
 * when the work has returned. A second signal, or a call that does not return, ends it at once.
 * @say: reports a note to the user. The child makes no call of the C library meanwhile.
 */
void guard_run(void (*work)(void *data), void *data, void (*say)(void *data, enum guard_note note),
	       void *say_data);

/* Leaves the run from @say and ends the program silently with status 0. */
void guard_abandon(void) __attribute__((noreturn));

/*
 * Between these calls a signal does not end the work. The work must check guard_signal() itself and
 * undo what it left half done. The calls nest.
 */
void guard_hold(void);
void guard_release(void);

/*
 * Returns the signal that came while the work holds, or 0. A system call that waits then fails with
 * EINTR.
 */
int guard_signal(void);

/* Returns 0, or -EINTR with @err filled if such a signal came. */
int guard_check(struct err *err);

/*
 * The last check of work that holds. From here on the work counts as done and a signal no longer
 * ends the program, so that its status tells whether the work was done or undone. Only a wait for
 * whoever reads the output still ends. Returns the same as guard_check().
 */
int guard_commit(struct err *err);

/*
 * Marks the beginning and end of a rollback. A signal that came does not stop a rollback, so
 * guard_check() returns 0 meanwhile.
 */
void guard_undo(bool undoing);

/*
 * Declares that SIGINT and SIGTERM are the normal end of the work. They are then obeyed even if the
 * caller ignores them, as a shell does for background jobs.
 */
void guard_expect(bool expected);

/*
 * The work that follows may take hours. Until the next call or signal, the parent sleeps instead of
 * waking up regularly.
 */
void guard_sleep(void);

/* The signal was the expected end of the work: the program ends with the status of the work. */
void guard_forgive(void);
bool guard_is_forgiven(void);

/*
 * Makes a system call that may take long or never return.
 * @call: makes it, and returns its result with errno.
 * @changes: the call changes something. If the user leaves before it ends, the program says so.
 */
ssize_t guard_call(ssize_t (*call)(const void *data), const void *data, bool changes);

/*
 * The same for a wait that a signal can end, so that it can have a limit.
 * @awaited: who or what is waited for, for the user.
 * @milliseconds: after about this time the call fails with EINTR.
 */
ssize_t guard_wait(ssize_t (*call)(const void *data), const void *data, const char *awaited,
		   int milliseconds);

/* Returns who or what the current call waits for, in words. */
const char *guard_awaited(void);

/* Must be called in a forked process: the guard does not watch its calls or end it. */
void guard_forget(void);

/*
 * Returns whether @pid is this program: the process that was started, or the child that works for
 * it.
 */
bool guard_is_self(pid_t pid);

#endif
