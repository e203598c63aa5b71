/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a program, counts its system calls, and makes one of them fail. */

/*
 * seccomp stops the program only at the calls that are of interest, so that a run takes hardly
 * longer than without a tracer.
 */
#include "trace.h"

#include "torture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the registers of a system call are known for x86-64 only"
#endif

#define LIMIT 8 /* seconds after which a run hangs */

#define PROCESSES 32

static volatile sig_atomic_t time_is_up;

static struct process {
	pid_t pid;
	bool paused;
} processes[PROCESSES];

static void fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void on_alarm(int number)
{
	(void)number;
	time_is_up = 1;
}

static struct process *process_of(pid_t pid)
{
	for (struct process *process = processes; process < processes + PROCESSES; process++)
		if (process->pid == pid)
			return process;
	return NULL;
}

static struct process *add_process(pid_t pid)
{
	struct process *process = process_of(pid);

	if (!process)
		process = process_of(0);
	if (!process)
		fail("too many processes");
	process->pid = pid;
	return process;
}

/* The child */

#define WORD(member)  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define IF(value, go) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, go)
#define RETURN(how)   BPF_STMT(BPF_RET | BPF_K, how)

/* Stops at our marks, and with @all at each call that can be made to fail, or at one of them. */
static void set_filter(const struct call *only, bool all)
{
	struct sock_filter filter[2 * CALLS_MAX + 16] = {
		WORD(nr),
		IF(SYS_prctl, 3),
		WORD(args[0]),
		IF(TORTURE_MARK, 1),
		RETURN(SECCOMP_RET_TRACE),
		WORD(nr),
	};
	struct sock_fprog program = { .filter = filter };
	unsigned int length = 6;

	for (unsigned int i = 0; i < call_count; i++) {
		if (calls[i].number < 0 || (!all && only != &calls[i]))
			continue;
		filter[length++] = (struct sock_filter)IF((unsigned int)calls[i].number, 1);
		filter[length++] = (struct sock_filter)RETURN(SECCOMP_RET_TRACE);
	}
	filter[length++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	program.len = (unsigned short)length;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		fail("seccomp");
}

static void become(const struct run *run, int out, int err)
{
	int in = open(run->input ? run->input : "/dev/null", O_RDONLY), closed[2];

	if (run->closed_output && !pipe(closed)) {
		close(closed[0]);
		out = closed[1];
	}
	if (in < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0)
		fail("standard streams");
	closefrom(STDERR_FILENO + 1);
	setsid();
	if (ptrace(PTRACE_TRACEME, 0, 0, 0) || raise(SIGSTOP))
		fail("ptrace");
	set_filter(run->fault.call, run->count);
	execve(run->argv[0], run->argv, run->environment);
	fail(run->argv[0]);
}

/* The tracer */

/* Lets the call return @value in place of what the kernel would do. */
static void skip_call(pid_t pid, struct user_regs_struct *registers, long value)
{
	registers->orig_rax = (unsigned long long)-1;
	registers->rax = (unsigned long long)value;
	if (ptrace(PTRACE_SETREGS, pid, 0, registers))
		fail("set registers");
}

/* Counts a call. Returns whether it is the one that is to fail. */
static bool is_to_fail(struct run *run, pid_t pid, pid_t first, int number)
{
	const enum trace_role role = pid == first ? ROLE_FIRST : ROLE_OTHERS;
	const struct fault *fault = &run->fault;

	for (unsigned int i = 0; i < call_count; i++) {
		if (calls[i].number != number)
			continue;
		run->counts[role][i]++;
		return fault->call == &calls[i] && fault->role == role &&
		       run->counts[role][i] == fault->number;
	}
	return false;
}

static void take_mark(struct run *run, struct process *process, pid_t first,
		      struct user_regs_struct *registers)
{
	long value = 0;

	switch (registers->rsi) {
	case MARK_BEGIN:
		run->ended = false;
		run->made = 1;
		break;
	case MARK_END:
		run->ended = true;
		run->made = registers->rdx;
		run->left = registers->r10;
		run->files = registers->r8;
		break;
	case MARK_PAUSE:
		process->paused = true;
		break;
	case MARK_RESUME:
		process->paused = false;
		break;
	case MARK_CALL:
		if (!is_to_fail(run, process->pid, first, -(int)registers->rdx))
			break;
		value = -run->fault.code;
		run->failed = true;
		break;
	}
	skip_call(process->pid, registers, value);
}

static void take_call(struct run *run, struct process *process, pid_t first)
{
	struct user_regs_struct registers;

	if (ptrace(PTRACE_GETREGS, process->pid, 0, &registers))
		return;
	if (registers.orig_rax == SYS_prctl) {
		take_mark(run, process, first, &registers);
	} else if (run->made && !process->paused && !run->ended &&
		   is_to_fail(run, process->pid, first, (int)registers.orig_rax)) {
		run->failed = true;
		run->failed_file = (int)registers.rdi;
		skip_call(process->pid, &registers, -run->fault.code);
	}
}

static void kill_all(void)
{
	for (unsigned int i = 0; i < PROCESSES; i++)
		if (processes[i].pid)
			kill(processes[i].pid, SIGKILL);
}

/* A process that has stopped goes on, with the signal that it got. */
static void go_on(struct run *run, pid_t pid, int status, pid_t first)
{
	const bool is_new = !process_of(pid);
	struct process *process = add_process(pid);
	long signal = 0;

	if (status >> 16 == PTRACE_EVENT_SECCOMP)
		take_call(run, process, first);
	else if (!(status >> 16) && !(is_new && WSTOPSIG(status) == SIGSTOP))
		signal = WSTOPSIG(status);
	ptrace(PTRACE_CONT, pid, 0, signal);
}

/* Whoever outlives the first process has a moment to end. */
#define AFTERWARDS 100000 /* µs */

static void set_time(long seconds, long microseconds)
{
	const struct itimerval time = { .it_value = { seconds, microseconds },
					.it_interval = { 0, AFTERWARDS } };

	time_is_up = 0;
	setitimer(ITIMER_REAL, &time, NULL);
}

static void follow(struct run *run, pid_t first)
{
	bool first_ended = false;
	int status;
	pid_t pid;

	set_time(LIMIT, 0);
	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == ECHILD)
			break;
		if (time_is_up) {
			run->late |= !first_ended;
			run->others_left |= first_ended;
			kill_all();
		}
		if (pid > 0 && WIFSTOPPED(status)) {
			go_on(run, pid, status, first);
			continue;
		}
		if (pid > 0 && process_of(pid))
			*process_of(pid) = (struct process){ 0 };
		if (pid != first)
			continue;
		run->status = status;
		first_ended = true;
		set_time(0, AFTERWARDS);
	}
	set_time(0, 0);
}

static char *read_all(int fd, size_t *length)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = malloc((size_t)size + 1);

	if (!text || pread(fd, text, (size_t)size, 0) != size)
		fail("read output");
	text[size] = '\0';
	*length = (size_t)size;
	close(fd);
	return text;
}

void trace_run(struct run *run)
{
	const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
			     PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	const struct sigaction alarm = { .sa_handler = on_alarm };
	int out = memfd_create("out", 0), err = memfd_create("err", 0), status;
	pid_t pid;

	sigaction(SIGALRM, &alarm, NULL);
	memset(processes, 0, sizeof(processes));
	run->failed_file = -1;
	pid = fork();
	if (!pid)
		become(run, out, err);
	add_process(pid);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0, options) || ptrace(PTRACE_CONT, pid, 0, 0))
		fail("start");
	follow(run, pid);
	run->out = read_all(out, &run->out_length);
	run->err = read_all(err, &run->err_length);
}

void trace_release(struct run *run)
{
	free(run->out);
	free(run->err);
	run->out = run->err = NULL;
}
