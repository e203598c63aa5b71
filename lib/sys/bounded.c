/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work that may never come back, done by a child that is left behind after a while. */
#include "sys/bounded.h"

#include "sys/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void *bounded_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void bounded_memory_free(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size);
}

/*
 * Whoever reads our output waits until nobody can write to it any more, and the terminal sends its
 * signals to our whole group; this process must be in the way of neither.
 */
static void leave_alone(void)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	close_range(STDERR_FILENO + 1, ~0U, 0);
}

static void run(const struct bounded *bounded, bounded_work *work, void *data, pid_t parent)
{
	int ret;

	/* Work that was given up must not begin later. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	leave_alone();
	guard_forget();
	ret = work(data, bounded->err);
	/* An error without an errno would look like success. */
	if (ret && !bounded->err->code)
		bounded->err->code = -ret;
	_exit(ret ? EXIT_FAILURE : EXIT_SUCCESS);
}

int bounded_start(struct bounded *bounded, bounded_work *work, void *data, struct err *err)
{
	const pid_t parent = getpid();

	bounded->err = bounded_memory(sizeof(*bounded->err));
	if (!bounded->err)
		return err_memory(err);
	bounded->pid = fork();
	if (bounded->pid < 0)
		return err_set(err, errno, "start a process: %s", err_words(errno));
	if (!bounded->pid)
		run(bounded, work, data, parent);
	/* The C library's function of that name is younger than most of what it is built on. */
	bounded->process = (int)syscall(SYS_pidfd_open, bounded->pid, 0);
	if (bounded->process < 0)
		return err_set(err, errno, "wait for a process: %s", err_words(errno));
	return 0;
}

/*
 * Returns 0 when the work has ended, -ETIMEDOUT when it has not within this time, or -EINTR when a
 * signal ends us; what begins after that signal undoes something, and is waited for.
 */
static int wait_until_end(const struct bounded *bounded, int seconds)
{
	const bool undoes = guard_signal();
	const int64_t end = seconds < 0 ? -1 : milliseconds_now() + seconds * 1000;
	struct pollfd files[] = { { .fd = bounded->process, .events = POLLIN },
				  { .fd = bounded->served, .events = POLLIN } };

	while (!files[0].revents) {
		const int64_t left = end < 0 ? -1 : end - milliseconds_now();

		if (end >= 0 && left <= 0)
			return -ETIMEDOUT;
		if (poll(files, ARRAY_SIZE(files), (int)left) < 0 && errno != EINTR)
			return -errno;
		if (guard_signal() && !undoes && !files[0].revents)
			return -EINTR;
		if (files[1].revents & POLLIN)
			bounded->serve(bounded->served);
		else if (files[1].revents)
			files[1].fd = -1;
	}
	return 0;
}

int bounded_wait(struct bounded *bounded, int seconds, struct err *err)
{
	int status = 0, ret = wait_until_end(bounded, seconds);

	if (ret == -ETIMEDOUT)
		return ret;
	if (ret == -EINTR)
		return guard_check(err);
	if (ret)
		return err_set(err, -ret, "wait for a process: %s", err_words(-ret));
	waitpid(bounded->pid, &status, 0);
	bounded->pid = 0;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (!bounded->err->code)
		return err_set(err, EIO, "the process that does it was ended");
	*err = *bounded->err;
	return -err->code;
}

void bounded_release(struct bounded *bounded)
{
	if (bounded->pid > 0)
		kill(bounded->pid, SIGKILL);
	if (bounded->process >= 0)
		close(bounded->process);
	if (bounded->err)
		munmap(bounded->err, sizeof(*bounded->err));
	*bounded = (struct bounded)BOUNDED_INIT;
}
