/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs several commands in turn, and prints the median time and the peak memory of each. */

/*
 * Each command runs once in every round, so that other load of the machine affects all of them
 * alike. For each command, one line has its median time in microseconds and its peak memory in KiB.
 *
 * usage: measure [-f] ROUNDS [UNDO...] -- COMMAND... [-- COMMAND...]
 *
 * UNDO runs after each command, and is not measured. No command may fail, but with -f: then the
 * 10th percentile of the time follows, and standard error is not shown.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_COMMANDS   8
/* The first rounds do not count: they load files and warm the kernel's caches. */
#define WARM_UP_ROUNDS 3

struct sample {
	uint64_t time; /* nanoseconds */
	/*
	 * KiB. Until it executes the command, the child uses the memory of this program, and the
	 * kernel counts that as well. So the peak is never below ours, and this program is small.
	 */
	long memory;
};

struct command {
	char **words;
	uint64_t *times;
	long memory;
};

static posix_spawn_file_actions_t redirections;

/* A command may fail: the host has no vDPA, and what is measured is the way to that message. */
static int may_fail;

static void fail(const char *what, int code)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(code));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

static void check_status(char **words, int status)
{
	if (WIFEXITED(status) && (may_fail || WEXITSTATUS(status) == 0))
		return;
	fputs("measure: failed, so there is nothing to measure:", stderr);
	for (; *words; words++)
		fprintf(stderr, " %s", *words);
	fputc('\n', stderr);
	exit(1);
}

static struct sample run(char **words)
{
	struct sample sample;
	struct rusage used;
	uint64_t begin = now();
	int code, status;
	pid_t process;

	code = posix_spawn(&process, words[0], &redirections, NULL, words, environ);
	if (code)
		fail(words[0], code);
	if (wait4(process, &status, 0, &used) < 0)
		fail("wait4", errno);
	sample.time = now() - begin;
	sample.memory = used.ru_maxrss;
	check_status(words, status);
	return sample;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Splits the words at each "--". Returns the number of commands, without the leading UNDO. */
static size_t split(char **words, struct command *commands)
{
	size_t count = 0;

	for (; *words; words++) {
		if (strcmp(*words, "--"))
			continue;
		*words = NULL;
		if (count == MAX_COMMANDS || !words[1])
			fail("commands", EINVAL);
		commands[count++].words = words + 1;
	}
	return count;
}

/* Every second round runs in reverse order, so that no command always follows the same one. */
static void run_round(struct command *commands, size_t count, char **undo, size_t round)
{
	for (size_t i = 0; i < count; i++) {
		struct command *command = &commands[round % 2 ? count - 1 - i : i];
		struct sample sample = run(command->words);

		if (*undo)
			run(undo);
		if (round < WARM_UP_ROUNDS)
			continue;
		command->times[round - WARM_UP_ROUNDS] = sample.time;
		if (sample.memory > command->memory)
			command->memory = sample.memory;
	}
}

int main(int argc, char **argv)
{
	struct command commands[MAX_COMMANDS] = { 0 };
	size_t rounds, count;

	may_fail = argc > 1 && !strcmp(argv[1], "-f");
	argc -= may_fail;
	argv += may_fail;
	rounds = argc > 1 ? atoi(argv[1]) : 0;
	count = argc > 2 ? split(argv + 2, commands) : 0;
	if (!rounds || !count) {
		fputs("usage: measure [-f] ROUNDS [UNDO...] -- COMMAND... [-- COMMAND...]\n",
		      stderr);
		return 2;
	}
	posix_spawn_file_actions_init(&redirections);
	posix_spawn_file_actions_addopen(&redirections, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&redirections, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (may_fail)
		posix_spawn_file_actions_addopen(&redirections, STDERR_FILENO, "/dev/null",
						 O_WRONLY, 0);

	for (size_t i = 0; i < count; i++) {
		commands[i].times = calloc(rounds, sizeof(*commands[i].times));
		if (!commands[i].times)
			fail("memory", ENOMEM);
	}
	for (size_t round = 0; round < WARM_UP_ROUNDS + rounds; round++)
		run_round(commands, count, argv + 2, round);
	for (size_t i = 0; i < count; i++) {
		qsort(commands[i].times, rounds, sizeof(*commands[i].times), compare);
		printf("%ju %ld", (uintmax_t)commands[i].times[rounds / 2] / 1000,
		       commands[i].memory);
		if (may_fail)
			printf(" %ju", (uintmax_t)commands[i].times[rounds / 10] / 1000);
		putchar('\n');
	}
	return 0;
}
