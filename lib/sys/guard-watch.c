/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches the child that does the work: signals, calls that take long, and its end. */
#include "base/clock.h"
#include "guard-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LATE  2000 /* ms in a call before we report it */
#define STUCK 1000 /* ms in a call after which a signal no longer waits for its end */
#define TOGETHER                                                                                   \
	150 /* ms within which two signals count as one: timeout(1) sends its signal twice */
#define STOP_WAIT 200 /* ms before Ctrl-Z stops us without the child */

/*
 * The parent. It shares errno with the child, so nothing here may set errno while the child runs.
 */

/* The signals for faults of the program itself are left to it. */
void guard_take_signals(sigset_t *taken, sigset_t *before)
{
	static const int left_out[] = { SIGSEGV,  SIGBUS,  SIGFPE,  SIGILL,    SIGTRAP,
					SIGSYS,	  SIGTTIN, SIGTTOU, SIGCHLD,   SIGCONT,
					SIGWINCH, SIGPIPE, SIGXFSZ, GUARD_WAKE };

	sigfillset(taken);
	for (size_t i = 0; i < ARRAY_SIZE(left_out); i++)
		sigdelset(taken, left_out[i]);
	sigprocmask(SIG_BLOCK, taken, before);
	/* The caller had blocked these, so they are not meant for us. */
	for (int number = 1; number < NSIG; number++)
		if (sigismember(before, number) > 0)
			sigdelset(taken, number);
}

static void end_by(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	/* Only the SIGKILL that on_wake() records when the parent died gets here. */
	syscall(SYS_exit_group, EXIT_FAILURE);
}

static void report(enum guard_note note)
{
	guard.reporting = true;
	/*
	 * The child may have returned from the call meanwhile, and then uses the C library itself.
	 */
	if (guard.in_call)
		guard.say(guard.say_data, note);
	guard.reporting = false;
}

/*
 * The kernel may keep the child for ever, with all of its files. Close them here, so that readers
 * of our output see its end and others get our locks.
 */
static void close_all(void)
{
	kill(guard.child, SIGKILL);
	close_range(0, ~0U, 0);
}

/*
 * The child still needs its other files. Close only those for which the readers of our output wait.
 */
static void close_standard_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			close(fd);
}

static void leave(int number)
{
	if (guard.holds > 0) {
		if (guard.changes)
			report(GUARD_LEFT_UNDOING);
		guard.left = true;
		close_standard_streams();
	} else {
		if (guard.changes)
			report(GUARD_LEFT);
		close_all();
	}
	end_by(number);
}

void guard_abandon(void)
{
	close_all();
	_exit(EXIT_SUCCESS);
}

static bool is_ignored(int number)
{
	struct sigaction action;

	return !sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN;
}

static void take_signal(int number)
{
	int64_t now = clock_milliseconds();
	int none = 0;

	if (is_ignored(number) && !(guard.expected && (number == SIGINT || number == SIGTERM)))
		return;
	if (guard_signal() || guard.late) {
		if (now - guard.signal_time > TOGETHER)
			leave(number);
		return;
	}
	guard.signal_time = now;
	if (!atomic_compare_exchange_strong(&guard.signal, &none, number)) {
		guard.late = number;
		return;
	}
	none = 0;
	/*
	 * The work does not hold, so nothing needs to be undone. GUARD_LEAVING keeps the child from
	 * starting anything that would.
	 */
	if (atomic_compare_exchange_strong(&guard.holds, &none, GUARD_LEAVING))
		leave(number);
	kill(guard.child, GUARD_WAKE);
}

/* Stops this process as Ctrl-Z does, until the shell continues it. */
static void stop_here(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/*
 * Work that holds may own a lock that others wait for. Give it a moment to let go; if it does not,
 * only this process stops and the child goes on.
 */
static void stop(void)
{
	int64_t end = clock_milliseconds() + STOP_WAIT;
	bool together;

	if (is_ignored(SIGTSTP))
		return;
	while (guard.holds > 0 && clock_milliseconds() < end)
		poll(NULL, 0, GUARD_NUDGE);
	together = guard.holds <= 0;
	if (together)
		kill(guard.child, SIGSTOP);
	stop_here();
	if (together)
		kill(guard.child, SIGCONT);
}

static void read_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGTSTP)
		stop();
	else
		take_signal((int)info.ssi_signo);
}

/* Does what is due by the clock. Returns the time until the next look, in ms. */
static int look_at_clock(void)
{
	int64_t now = clock_milliseconds(), elapsed = now - guard.began;
	unsigned int calls = guard.calls;

	/* The work is done and only prints, which may wait for a reader. */
	if (guard.late) {
		if (now - guard.signal_time > STUCK)
			leave(guard.late);
		return GUARD_NUDGE;
	}
	if (guard_signal()) {
		if (guard.in_call && elapsed > STUCK)
			leave(guard.signal);
		kill(guard.child, GUARD_WAKE);
		return GUARD_NUDGE;
	}
	if (guard.in_call && guard.limit && elapsed >= guard.limit) {
		kill(guard.child, GUARD_WAKE);
		return GUARD_NUDGE;
	}
	if (!guard.in_call || guard.reported == calls)
		return LATE;
	if (elapsed < LATE)
		return (int)(LATE - elapsed);
	guard.reported = calls;
	report(GUARD_LATE);
	return LATE;
}

/*
 * Most runs end soon, so the parent looks regularly whether a call takes long. In a run that waits
 * for hours this would wake it for nothing; there it sleeps until the child begins a call.
 */
void guard_watch(int pidfd, int signals)
{
	struct pollfd files[] = { { .fd = pidfd, .events = POLLIN },
				  { .fd = signals, .events = POLLIN },
				  { .fd = -1, .events = POLLIN } };
	int timeout = LATE, status = 0;
	eventfd_t count;

	while (poll(files, ARRAY_SIZE(files), timeout) == 0 || !files[0].revents) {
		if (files[1].revents)
			read_signal(signals);
		files[2].fd = guard.began_call;
		if (files[2].fd >= 0)
			eventfd_read(files[2].fd, &count);
		timeout = look_at_clock();
		if (files[2].fd >= 0 && !guard.in_call && !guard_signal() && !guard.late)
			timeout = -1;
	}
	waitpid(guard.child, &status, __WALL);
	guard.active = false;
	if (WIFSIGNALED(status))
		end_by(WTERMSIG(status));
	if (guard_signal() && !guard.forgiven)
		end_by(guard.signal);
}
