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
#include <time.h>
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

/*
 * Work begins only after its parent can wait for it: a failure of worker_start() means that nothing
 * was done, and nothing will be.
 */
static void wait_for_start(const int gate[2])
{
	ssize_t length;
	char byte;

	close(gate[1]);
	do
		length = read(gate[0], &byte, 1);
	while (length < 0 && errno == EINTR);
	if (length != 1)
		_exit(EXIT_FAILURE);
	close(gate[0]);
}

static void run(const struct worker *worker, worker_function *work, void *data, const int gate[2],
		pid_t parent)
{
	int ret;

	/*
	 * Abandoned work must not begin later. The kernel sends no signal for a parent that died
	 * before we asked for one, and that parent may have opened the gate.
	 */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	wait_for_start(gate);
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
	int gate[2], ret = 0;

	worker->err = worker_memory(sizeof(*worker->err));
	if (!worker->err)
		return err_memory(err);
	if (pipe2(gate, O_CLOEXEC))
		return err_set(err, errno, "start a process: %s", err_words(errno));
	worker->pid = fork();
	if (!worker->pid)
		run(worker, work, data, gate, parent);
	/* glibc has pidfd_open() only since 2.36, so call the kernel directly. */
	if (worker->pid > 0)
		worker->process = (int)syscall(SYS_pidfd_open, worker->pid, 0);
	if (worker->process < 0 || write(gate[1], "", 1) != 1)
		ret = err_set(err, errno, "start a process: %s", err_words(errno));
	close(gate[0]);
	close(gate[1]);
	return ret;
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
		/* The work goes on, whatever keeps us from waiting: look again a moment later. */
		if (poll(files, ARRAY_SIZE(files), (int)left) < 0 && errno != EINTR)
			nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
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
