/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs work that may block in the kernel in a child that can be abandoned. */
#include "sys/worker.h"

#include "base/clock.h"
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

void *worker_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void worker_memory_free(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size);
}

/*
 * Readers of our output wait until nobody can write to it any more, and the terminal sends its
 * signals to our whole process group. An abandoned worker must hold up neither.
 */
static void leave_alone(void)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	close_range(STDERR_FILENO + 1, ~0U, 0);
}

static void run(const struct worker *worker, worker_function *work, void *data, pid_t parent)
{
	int ret;

	/* Abandoned work must not begin later. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	leave_alone();
	guard_forget();
	ret = work(data, worker->err);
	/* An error without an errno would look like success. */
	if (ret && !worker->err->code)
		worker->err->code = -ret;
	_exit(ret ? EXIT_FAILURE : EXIT_SUCCESS);
}

int worker_start(struct worker *worker, worker_function *work, void *data, struct err *err)
{
	const pid_t parent = getpid();

	worker->err = worker_memory(sizeof(*worker->err));
	if (!worker->err)
		return err_memory(err);
	worker->pid = fork();
	if (worker->pid < 0)
		return err_set(err, errno, "start a process: %s", err_words(errno));
	if (!worker->pid)
		run(worker, work, data, parent);
	/* glibc has pidfd_open() only since 2.36, so call the kernel directly. */
	worker->process = (int)syscall(SYS_pidfd_open, worker->pid, 0);
	if (worker->process < 0)
		return err_set(err, errno, "wait for a process: %s", err_words(errno));
	return 0;
}

/*
 * Returns 0 when the work has ended, -ETIMEDOUT if it takes longer, or -EINTR if a signal ends us.
 * Work that begins after that signal is part of a rollback, and is waited for.
 */
static int wait_until_end(const struct worker *worker, int seconds)
{
	const bool undoes = guard_signal();
	const int64_t end = seconds < 0 ? -1 : clock_milliseconds() + seconds * 1000;
	struct pollfd files[] = { { .fd = worker->process, .events = POLLIN },
				  { .fd = worker->served, .events = POLLIN } };

	while (!files[0].revents) {
		const int64_t left = end < 0 ? -1 : end - clock_milliseconds();

		if (end >= 0 && left <= 0)
			return -ETIMEDOUT;
		if (poll(files, ARRAY_SIZE(files), (int)left) < 0 && errno != EINTR)
			return -errno;
		if (guard_signal() && !undoes && !files[0].revents)
			return -EINTR;
		if (files[1].revents & POLLIN)
			worker->serve(worker->served);
		else if (files[1].revents)
			files[1].fd = -1;
	}
	return 0;
}

int worker_wait(struct worker *worker, int seconds, struct err *err)
{
	int status = 0, ret = wait_until_end(worker, seconds);

	if (ret == -ETIMEDOUT)
		return ret;
	if (ret == -EINTR)
		return guard_check(err);
	if (ret)
		return err_set(err, -ret, "wait for a process: %s", err_words(-ret));
	waitpid(worker->pid, &status, 0);
	worker->pid = 0;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (!worker->err->code)
		return err_set(err, EIO, "the process that does the work was killed");
	*err = *worker->err;
	return -err->code;
}

void worker_release(struct worker *worker)
{
	/* A process that blocks in the kernel dies when the kernel returns. Do not wait for it. */
	if (worker->pid > 0)
		kill(worker->pid, SIGKILL);
	if (worker->process >= 0)
		close(worker->process);
	if (worker->err)
		munmap(worker->err, sizeof(*worker->err));
	*worker = (struct worker)WORKER_INIT;
}
