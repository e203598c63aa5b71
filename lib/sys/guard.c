/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the work of a tool in a child, and keeps the terminal responsive while the kernel works. */
#include "base/clock.h"
#include "guard-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/*
 * Size of the child's stack. It is smaller than a huge page, which the kernel would clear as a
 * whole.
 */
#define STACK_SIZE (1 << 20)

/* Stored instead of a signal: the work is done, and no signal can undo it any more. */
#define COMMITTED (-1)

struct guard_state guard = { .began_call = -1 };

/* The child */

/*
 * A wake-up that comes just before a system call does not interrupt it, so it must be repeated. The
 * parent does that as long as it lives; after its death a timer of the kernel does. The C library's
 * timer_create() must not be called in a signal handler.
 */
static void wake_repeatedly(void)
{
#ifdef SYS_timer_settime64
	const long set = SYS_timer_settime64;
#else
	const long set = SYS_timer_settime;
#endif
	const struct itimerspec each = { .it_interval.tv_nsec = GUARD_NUDGE * 1000000,
					 .it_value.tv_nsec = GUARD_NUDGE * 1000000 };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = GUARD_WAKE };
	int timer;

	if (!syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer))
		syscall(set, timer, 0, &each, NULL);
}

/*
 * The kernel also sends GUARD_WAKE when our parent dies of SIGKILL (PR_SET_PDEATHSIG). Nobody is
 * left then to pass a signal on, so work that holds records the signal itself.
 */
static void on_wake(int number _unused_)
{
	if (guard.left || getppid() == guard.parent)
		return;
	if (guard.holds <= 0)
		syscall(SYS_exit_group, EXIT_FAILURE);
	if (!guard_signal()) {
		guard.signal = SIGKILL;
		wake_repeatedly();
	}
}

static int run_child(void *unused _unused_)
{
	prctl(PR_SET_PDEATHSIG, GUARD_WAKE);
	guard.work(guard.data);
	return 0;
}

void guard_hold(void)
{
	/* The parent decided to leave at this very moment and will end us. */
	while (atomic_fetch_add(&guard.holds, 1) < 0)
		pause();
}

void guard_release(void)
{
	atomic_fetch_sub(&guard.holds, 1);
}

int guard_signal(void)
{
	const int number = guard.signal;

	return number == COMMITTED ? 0 : number;
}

int guard_check(struct err *err)
{
	return guard_signal() && !guard.undoing ? err_set(err, EINTR, "interrupted") : 0;
}

int guard_commit(struct err *err)
{
	int none = 0;

	/* An outer hold commits later. */
	if (guard.active && guard.holds == 1)
		atomic_compare_exchange_strong(&guard.signal, &none, COMMITTED);
	return guard_check(err);
}

void guard_undo(bool undoing)
{
	guard.undoing = undoing;
}

void guard_expect(bool expected)
{
	guard.expected = expected;
	guard_sleep();
}

void guard_sleep(void)
{
	if (guard.active && guard.began_call < 0)
		guard.began_call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void guard_forgive(void)
{
	guard.forgiven = true;
}

bool guard_is_forgiven(void)
{
	return guard.forgiven;
}

void guard_forget(void)
{
	guard.active = false;
	guard.signal = 0;
}

bool guard_is_self(pid_t pid)
{
	return pid == getpid() || (pid && (pid == guard.parent || pid == guard.child));
}

ssize_t guard_call(ssize_t (*call)(const void *data), const void *data, bool changes)
{
	ssize_t result;
	int code;

	if (!guard.active)
		return call(data);
	guard.calls++;
	guard.began = clock_milliseconds();
	guard.changes = changes;
	guard.in_call = true;
	if (guard.began_call >= 0)
		eventfd_write(guard.began_call, 1);
	result = call(data);
	code = errno;
	guard.in_call = false;
	while (guard.reporting)
		sched_yield();
	errno = code;
	return result;
}

ssize_t guard_wait(ssize_t (*call)(const void *data), const void *data, const char *awaited,
		   int milliseconds)
{
	ssize_t result;

	guard.awaited = awaited;
	guard.limit = milliseconds;
	result = guard_call(call, data, false);
	guard.limit = 0;
	guard.awaited = NULL;
	return result;
}

const char *guard_awaited(void)
{
	return guard.awaited ? guard.awaited : "the kernel";
}

/* Returns the child's pid, or a negative number if there can be no child. */
static pid_t start(int *pidfd)
{
	struct sigaction wake = { .sa_handler = on_wake };
	char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

	if (stack == MAP_FAILED)
		return -1;
	/* A guard page: an overflow must not write into the memory below. */
	mprotect(stack, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE);
	sigaction(GUARD_WAKE, &wake, NULL);
	/*
	 * The child shares memory and files, but it is a process and not a thread: a process ends
	 * only when all of its threads do, and the kernel may never let one of them go.
	 */
	return clone(run_child, stack + STACK_SIZE, CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_PIDFD,
		     NULL, pidfd);
}

void guard_run(void (*work)(void *data), void *data, void (*say)(void *data, enum guard_note note),
	       void *say_data)
{
	sigset_t taken, before;
	int pidfd = -1, signals;

	guard_take_signals(&taken, &before);
	signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
	guard.parent = getpid();
	guard.work = work;
	guard.data = data;
	guard.say = say;
	guard.say_data = say_data;
	guard.active = true;
	guard.child = signals < 0 ? -1 : start(&pidfd);
	if (guard.child >= 0)
		guard_watch(pidfd, signals);
	close_file(&pidfd);
	close_file(&signals);
	if (guard.child >= 0)
		return;
	/* Unguarded work is better than none: it differs only if the kernel does not return. */
	guard.active = false;
	sigprocmask(SIG_SETMASK, &before, NULL);
	work(data);
}
