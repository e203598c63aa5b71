/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "patience.h"

#include "base.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define LATE_MILLISECONDS 2000

/* Of the process that makes the call, which needs little. */
#define STACK_SIZE 65536

static struct {
	void (*late)(void *data);
	void *data;
} announcement;

/* A call, and what came of it. */
struct call {
	ssize_t (*make)(const void *data);
	const void *data;
	int fd;
	ssize_t result;
	int code; /* errno */
};

void patience_announce(void (*late)(void *data), void *data)
{
	announcement.late = late;
	announcement.data = data;
}

static void make_call(struct call *call)
{
	call->result = call->make(call->data);
	call->code = errno;
}

/* In the other process: what it holds open, and nobody else any more, must not keep others up. */
static int make_call_alone(void *data)
{
	struct call *call = data;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (call->fd > 0)
		close_range(0, (unsigned int)call->fd - 1, 0);
	if (call->fd >= 0)
		close_range((unsigned int)call->fd + 1, ~0U, 0);
	make_call(call);
	return 0;
}

/*
 * errno is the other process's as well until it has ended, so nothing here may set it: poll() does
 * so only when a signal came, and then we are about to end.
 */
static void wait_for(pid_t pid, int pidfd)
{
	struct pollfd ended = { .fd = pidfd, .events = POLLIN };

	if (poll(&ended, 1, LATE_MILLISECONDS) == 0) {
		if (announcement.late)
			announcement.late(announcement.data);
		while (poll(&ended, 1, -1) < 0)
			;
	}
	while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	close(pidfd);
}

/*
 * Starts the other process where we run ourselves: to wake a processor that sleeps, twice, takes
 * longer than most calls.
 */
static pid_t start(struct call *call, int *pidfd)
{
	static char stack[STACK_SIZE] __attribute__((aligned(16)));
	cpu_set_t all, here;
	bool pinned;
	pid_t pid;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	pinned = !sched_getaffinity(0, sizeof(all), &all) &&
		 !sched_setaffinity(0, sizeof(here), &here);
	pid = clone(make_call_alone, stack + sizeof(stack),
		    CLONE_VM | CLONE_PIDFD | (call->fd < 0 ? CLONE_FILES : 0), call, pidfd);
	if (pinned)
		sched_setaffinity(0, sizeof(all), &all);
	return pid;
}

ssize_t patience_call(ssize_t (*call)(const void *data), const void *data, int fd)
{
	struct call made = { .make = call, .data = data, .fd = fd };
	int pidfd = -1;
	pid_t pid = start(&made, &pidfd);

	if (pid < 0)
		make_call(&made);
	else
		wait_for(pid, pidfd);
	errno = made.code;
	return made.result;
}
