/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_H
#define WORKER_H

#include "base/err.h"

#include <sys/types.h>

/*
 * Work that may block in the kernel, even forever. A process of its own does it and is abandoned if
 * it takes too long. This is necessary because no signal ends some waits, and a process in such a
 * wait can neither report it nor be interrupted.
 */
struct worker {
	pid_t pid;
	int process;	 /* pidfd of the process */
	struct err *err; /* memory shared with the process */
	/*
	 * While we wait, @serve is called whenever @served is readable; a negative descriptor is
	 * none.
	 */
	int served;
	void (*serve)(int served);
};

#define WORKER_INIT                                                                                \
	{                                                                                          \
		.process = -1, .served = -1                                                        \
	}

/*
 * The work: returns 0, or a negative errno with @err filled. It has none of the caller's open files
 * and is killed when the caller ends, for whatever reason.
 */
typedef int worker_function(void *data, struct err *err);

/*
 * Starts @work. @data: its changes reach the caller only in memory from worker_memory().
 * Returns 0, or a negative errno with @err filled.
 */
int worker_start(struct worker *worker, worker_function *work, void *data, struct err *err);

/*
 * Waits until the work ends, for at most @seconds; negative: without limit.
 * A signal that ends this program ends the wait as well. If the caller's work holds (see
 * guard_hold()), the result is then -EINTR.
 * Returns the result of the work with its @err, or -ETIMEDOUT with nothing in @err.
 */
int worker_wait(struct worker *worker, int seconds, struct err *err);

/* Kills the work if it still runs and can be killed, and releases its resources. */
void worker_release(struct worker *worker);

/* Returns @size bytes of zeroed memory that is shared with work, or NULL if there is none. */
void *worker_memory(size_t size);
void worker_memory_free(void *memory, size_t size);

#endif
