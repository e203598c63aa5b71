/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_H
#define WORKER_H

#include "base/err.h"

#include <sys/types.h>

/*
 * Work of which nobody knows when the kernel comes back from it, if ever. It is done by a process
 * of its own, which is left alone when it takes too long: some waits end by no signal, and whoever
 * is in one could not say so, nor be interrupted.
 */
struct worker {
	pid_t pid;
	int process;	 /* file descriptor */
	struct err *err; /* memory that is shared with it */
	/* While we wait, @serve is called whenever @served can be read; a negative one is none. */
	int served;
	void (*serve)(int served);
};

#define WORKER_INIT                                                                                \
	{                                                                                          \
		.process = -1, .served = -1                                                        \
	}

/*
 * Work: returns 0, or a negative errno with @err filled. It has none of the caller's open files,
 * and is killed when the caller ends, by whatever means.
 */
typedef int worker_function(void *data, struct err *err);

/*
 * Begins @work. @data: changes in it reach the caller only in memory of worker_memory().
 * Returns 0, or a negative errno with @err filled.
 */
int worker_start(struct worker *worker, worker_function *work, void *data, struct err *err);

/*
 * Waits for the end of the work, @seconds at most; a negative number is no limit.
 * A signal that ends this program ends the wait, too; where the work holds (see guard_hold()),
 * -EINTR is returned. Returns what it returned with its @err, or -ETIMEDOUT with nothing in @err.
 */
int worker_wait(struct worker *worker, int seconds, struct err *err);

/* Ends the work if it can be ended, and forgets it. */
void worker_release(struct worker *worker);

/* Memory of @size bytes, zero, that is shared with work; NULL where there is none. */
void *worker_memory(size_t size);
void worker_memory_free(void *memory, size_t size);

#endif
