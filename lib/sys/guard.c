/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the work of a tool in a child, and keeps the terminal responsive while the kernel works. */
#include "sys/guard.h"

#include "base/clock.h"

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

#define LATE  2000 /* ms in a call before we report it */
#define STUCK 1000 /* ms in a call after which a signal no longer waits for its end */
#define NUDGE                                                                                      \
	20 /* ms between wake-ups of the child: one may come just before it starts to wait         \
	    */
#define TOGETHER                                                                                   \
	150 /* ms within which two signals count as one: timeout(1) sends its signal twice */
#define STOP_WAIT 200 /* ms before Ctrl-Z stops us without the child */

/*
 * Size of the child's stack. It is smaller than a huge page, which the kernel would clear as a
 * whole.
 */
#define STACK_SIZE (1 << 20)

/*
 * Interrupts the child's system calls. The signal has no other use here, and its default action is
 * to be ignored.
 */
#define WAKE SIGURG

/* A count of holds that no child reaches. It means that we have decided to leave. */
#define LEAVING (INT_MIN / 2)

/* Stored instead of a signal: the work is done, and no signal can undo it any more. */
#define COMMITTED (-1)

static struct {
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
} guard = { .began_call = -1 };

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
	const struct itimerspec each = { .it_interval.tv_nsec = NUDGE * 1000000,
					 .it_value.tv_nsec = NUDGE * 1000000 };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = WAKE };
	int timer;

	if (!syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer))
		syscall(set, timer, 0, &each, NULL);
}

/*
 * The kernel also sends WAKE when our parent dies of SIGKILL (PR_SET_PDEATHSIG). Nobody is left
 * then to pass a signal on, so work that holds records the signal itself.
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
	prctl(PR_SET_PDEATHSIG, WAKE);
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

/*
 * The parent. It shares errno with the child, so nothing here may set errno while the child runs.
 */

/* Blocks the signals that end or stop a program, except those for its own faults. */
static void take_signals(sigset_t *taken, sigset_t *before)
{
	static const int left_out[] = { SIGSEGV,  SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP,
					SIGSYS,	  SIGTTIN, SIGTTOU, SIGCHLD, SIGCONT,
					SIGWINCH, SIGPIPE, SIGXFSZ, WAKE };

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
	 * The work does not hold, so nothing needs to be undone. LEAVING keeps the child from
	 * starting anything that would.
	 */
	if (atomic_compare_exchange_strong(&guard.holds, &none, LEAVING))
		leave(number);
	kill(guard.child, WAKE);
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
		poll(NULL, 0, NUDGE);
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
		return NUDGE;
	}
	if (guard_signal()) {
		if (guard.in_call && elapsed > STUCK)
			leave(guard.signal);
		kill(guard.child, WAKE);
		return NUDGE;
	}
	if (guard.in_call && guard.limit && elapsed >= guard.limit) {
		kill(guard.child, WAKE);
		return NUDGE;
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
static void watch(int pidfd, int signals)
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
	sigaction(WAKE, &wake, NULL);
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

	take_signals(&taken, &before);
	signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
	guard.parent = getpid();
	guard.work = work;
	guard.data = data;
	guard.say = say;
	guard.say_data = say_data;
	guard.active = true;
	guard.child = signals < 0 ? -1 : start(&pidfd);
	if (guard.child >= 0)
		watch(pidfd, signals);
	close_file(&pidfd);
	close_file(&signals);
	if (guard.child >= 0)
		return;
	/* Unguarded work is better than none: it differs only if the kernel does not return. */
	guard.active = false;
	sigprocmask(SIG_SETMASK, &before, NULL);
	work(data);
}
