/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUARD_H
#define GUARD_H

#include "base/err.h"

#include <sys/types.h>

/*
 * The kernel does its work inside the caller's system call, and it may never come back from one: no
 * signal ends such a wait. So the work of a run is done by a child that shares our memory and
 * files, while we hold the terminal: we say what takes long, pass signals on, and leave when the
 * user wants to, whatever the kernel still does.
 */

enum guard_note {
	GUARD_LATE,	   /* a call has taken two seconds; said once for each call */
	GUARD_LEFT,	   /* we leave while a call that changes something is under way */
	GUARD_LEFT_UNDOING /* the same, and the child undoes it once the call ends */
};

/*
 * Runs @work in a child and returns when it has ended; where no child can be made, runs it here.
 * A signal that ends programs ends this one: at once, or, while the work holds (see guard_hold()),
 * when the work has returned. A second signal, or a call that does not return, ends it at once.
 * @say: tells the user. The child makes no call of the C library meanwhile.
 */
void guard_run(void (*work)(void *data), void *data, void (*say)(void *data, enum guard_note note),
	       void *say_data);

/* For @say: leaves the run and ends the program with status 0, without a word. */
void guard_abandon(void) __attribute__((noreturn));

/*
 * Between these a signal does not end the work, which has to look at guard_signal() itself, and to
 * undo what it left half done. They nest.
 */
void guard_hold(void);
void guard_release(void);

/* The signal that came while the work holds, or 0. System calls that wait end with EINTR then. */
int guard_signal(void);

/* Returns 0, or -EINTR with @err filled where such a signal came. */
int guard_check(struct err *err);

/*
 * The last check of work that holds: from here on the work is done, and a signal ends the program
 * no more, so that its status tells whether the work is done or undone. A wait for whoever reads
 * the output still ends. Returns as guard_check().
 */
int guard_commit(struct err *err);

/*
 * Between these calls work is undone: a signal that came is no reason to end that, so that
 * guard_check() returns 0.
 */
void guard_undo(bool undoing);

/*
 * Whether SIGINT and SIGTERM are the way in which the work ends: they are heeded then even where
 * the caller ignores them, as a shell does for what it runs in the background.
 */
void guard_expect(bool expected);

/* What follows may take hours: nobody wakes up meanwhile but for a call that begins, or a signal.
 */
void guard_sleep(void);

/* The signal was the expected end of the work: the program ends with the work's own status. */
void guard_forgive(void);
bool guard_is_forgiven(void);

/*
 * Makes a system call that may take long or never return.
 * @call: makes it, and returns what it returned, with errno. @changes: the call changes something,
 * which is worth a word when the user leaves before it ends.
 */
ssize_t guard_call(ssize_t (*call)(const void *data), const void *data, bool changes);

/*
 * The same for a wait that a signal can end, so that it has a limit.
 * @awaited: who or what is waited for, for the user. @milliseconds: after about that time the call
 * ends with EINTR.
 */
ssize_t guard_wait(ssize_t (*call)(const void *data), const void *data, const char *awaited,
		   int milliseconds);

/* Whom or what the present call waits for, in words. */
const char *guard_awaited(void);

/* To be called in a process that was forked off: nobody watches its calls, or tells it to end. */
void guard_forget(void);

/* Whether @pid is this program: the one that was started, or the child that does its work. */
bool guard_is_self(pid_t pid);

#endif
