/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs each command line of a list once for each allocation and each call that can fail in it. */

/*
 * torture [-l] [-m MATCH] BUILD WORK <LIST: BUILD has the tools and the libraries, WORK the
 * directory that stands for the host, "root", and "template", of which it is made anew. -l: with
 * each error of each call; without it each call fails with one of its errors, which take turns.
 */
#include "torture.h"
#include "lines.h"
#include "state.h"
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STATUS_MAX 8
#define SLOW	   900 /* ms */

static struct {
	const char *build, *work;
	bool all_errors;
	const char *match;
	char *initial; /* state of the host before each run */
	char path[4096], preload[8192], root[4096], rules[4096];
	unsigned int runs, wrong, turn;
} all;

/* The line that is tested, and how it ends when nothing fails. */
static struct {
	const struct line *line;
	struct run good;
	char *state;
	unsigned int runs, wrong;
} test;

static long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void restore_host(void)
{
	char command[16384];

	snprintf(command, sizeof(command), "cd '%s' && rm -rf root && cp -a template root",
		 all.work);
	if (system(command))
		exit(EXIT_FAILURE);
}

/* Judging */

static void complain(const struct run *run, const char *what, const char *detail)
{
	const struct fault *fault = &run->fault;

	test.wrong++;
	printf("# %s: ", test.line->text);
	if (fault->memory)
		printf("no memory for allocation %s", fault->memory);
	else if (fault->call)
		printf("%s %u%s: %s", fault->call->name, fault->number,
		       fault->role == ROLE_FIRST ? " of the first process" : "",
		       strerrorname_np(fault->code));
	else
		printf("without a fault");
	printf(": %s%s%.300s\n", what, *detail ? ": " : "", detail);
	fflush(stdout);
}

static void run_line(struct run *run)
{
	char *environment[16] = { all.preload, all.root, all.rules, (char *)"LC_ALL=C",
				  (char *)"PATH=/usr/bin:/bin" };
	unsigned int count = 5;
	long long begin;
	char memory[64];

	for (char *const *more = test.line->environment; *more; more++)
		environment[count++] = *more;
	if (run->fault.memory) {
		snprintf(memory, sizeof(memory), "TORTURE_MEMORY=%s", run->fault.memory);
		environment[count++] = memory;
	}
	snprintf(all.path, sizeof(all.path), "%s/bin/%s", all.build, test.line->words[0]);
	run->argv = (char **)test.line->words;
	run->argv[0] = all.path;
	run->environment = environment;
	run->input = test.line->input;
	run->closed_output = test.line->closed;
	begin = milliseconds();
	trace_run(run);
	if (milliseconds() - begin > SLOW && getenv("TORTURE_VERBOSE"))
		complain(run, "it is slow", run->err);
	run->argv[0] = strrchr(all.path, '/') + 1;
	test.runs++;
}

static bool is_tool_line(const char *text)
{
	const char *tool = test.line->words[0];
	const char *name = strrchr(tool, '/') ? strrchr(tool, '/') + 1 : tool;

	return (!strncmp(text, name, strlen(name)) && text[strlen(name)] == ':') ||
	       !strncmp(text, "{\"error\"", 8);
}

/* Messages on standard error: those that the tool also has when nothing fails are left out. */
static unsigned int count_messages(const char *text)
{
	unsigned int count = 0;

	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		char whole[4096];

		if (!strchr(line, '\n'))
			return 1000;
		snprintf(whole, sizeof(whole), "%.*s", (int)strcspn(line, "\n"), line);
		count += is_tool_line(line) && !strstr(test.good.err, whole);
	}
	return count;
}

/*
 * Whether the fault only says that something is not there: then there is less to be shown. Details
 * are left out as well where a look for them fails for whatever reason, but for files that cannot
 * be opened.
 */
static bool says_absent(const struct fault *fault)
{
	static const char *const opening[] = { "openat", "getdents64", "netlink" };

	if (fault->call && (fault->code == ENOENT || fault->code == ENOTDIR ||
			    fault->code == ENODEV || fault->code == ENXIO))
		return true;
	if (!fault->call || !test.line->details)
		return false;
	for (size_t i = 0; i < sizeof(opening) / sizeof(opening[0]); i++)
		if (!strcmp(fault->call->name, opening[i]))
			return false;
	return true;
}

static bool is_same_output(const struct run *run)
{
	return run->out_length == test.good.out_length &&
	       !memcmp(run->out, test.good.out, run->out_length);
}

/* Whether each line of the output is one of those that come when nothing fails. */
static bool is_subset(const struct run *run)
{
	for (const char *line = run->out, *end; *line; line = end + 1) {
		char whole[4096];

		end = strchr(line, '\n');
		if (!end)
			return false;
		snprintf(whole, sizeof(whole), "%.*s\n", (int)(end - line), line);
		if (!strstr(test.good.out, whole))
			return false;
	}
	return true;
}

/* Whether the output ends with a line, and what is JSON with the end of its document. */
static bool is_whole(const struct run *run)
{
	bool inside = false;
	int depth = 0;

	for (const char *c = run->out; *run->out == '{' && *c; c++) {
		inside ^= *c == '"';
		c += inside && *c == '\\' && c[1];
		depth += !inside && strchr("{[", *c);
		depth -= !inside && strchr("}]", *c);
	}
	return !depth && (!run->out_length || run->out[run->out_length - 1] == '\n');
}

static bool is_complete_or_empty(const struct run *run)
{
	if (!run->out_length || is_same_output(run))
		return true;
	if (says_absent(&run->fault) || test.line->report)
		return is_whole(run);
	if (test.line->subset || test.line->lines)
		return is_subset(run);
	return false;
}

/* Several targets have a message each; without any memory a warning may come first. */
static bool may_say_more(const struct run *run)
{
	return test.line->partial || test.line->lines || test.line->report ||
	       (run->fault.memory && strchr(run->fault.memory, '+'));
}

static void judge_output(const struct run *run, int status)
{
	const struct fault *fault = &run->fault;
	const bool writes = fault->call && !strncmp(fault->call->name, "write", 5) && run->failed;
	const bool is_out = writes && run->failed_file == STDOUT_FILENO;
	const bool is_err = writes && run->failed_file == STDERR_FILENO;
	unsigned int messages;

	if (!status && !is_same_output(run) && !(test.line->subset && is_subset(run)) &&
	    !((says_absent(fault) || test.line->report) && is_whole(run)))
		complain(run, "status 0 with another output", run->out);
	if (status && !is_out && !is_complete_or_empty(run))
		complain(run, "standard output is neither complete nor empty", run->out);
	if (!status || is_err || (test.line->report && run->out_length))
		return;
	messages = count_messages(run->err);
	if (status != WEXITSTATUS(test.good.status) || run->out_length != test.good.out_length) {
		if (!messages && !test.line->subset)
			complain(run, "no message", run->err);
		else if (messages > (may_say_more(run) ? 8 : 1))
			complain(run, "more than one message", run->err);
	}
}

/* Removes the lines of the links that lead to nodes from a state. */
static void remove_links(char *state)
{
	char *to = state;

	for (const char *line = state, *end; (end = strchr(line, '\n')); line = end + 1) {
		if (!strncmp(line, "/dev/vdpa", strlen("/dev/vdpa")))
			continue;
		memmove(to, line, (size_t)(end + 1 - line));
		to += end + 1 - line;
	}
	*to = '\0';
}

/* A look that finds nothing where something is deceives whoever looks, and no message can help. */
static bool is_lie(const struct fault *fault)
{
	const bool opens = fault->call && !strcmp(fault->call->name, "openat");

	return (fault->call && (fault->code == ENOENT || fault->code == ENOTDIR)) ||
	       (opens && (fault->code == ENXIO || fault->code == ENODEV));
}

/*
 * Whether the host is as it was, or as asked. A link to a node that is not made or removed is worth
 * a warning only, and none where the user may not change links.
 */
static bool is_as_asked(const struct run *run, const char *state, int status)
{
	const bool denied = run->fault.code == EACCES || run->fault.code == EPERM;
	char *asked, *now;
	bool same;

	if (!strcmp(state, test.state))
		return true;
	if (status)
		return !strcmp(state, all.initial) || test.line->partial;
	if (is_lie(&run->fault))
		return true;
	if (!denied && !says_absent(&run->fault) && run->err_length <= test.good.err_length)
		return false;
	asked = strdup(test.state);
	now = strdup(state);
	remove_links(asked);
	remove_links(now);
	same = !strcmp(asked, now);
	free(asked);
	free(now);
	return same;
}

/* Where the kernel's answer is lost nobody knows what it did. */
static bool is_lost(const struct fault *fault)
{
	return fault->call && fault->call->number == -CALL_RECEIVE;
}

static void judge_state(const struct run *run, int status)
{
	char *state = state_of(all.root + strlen("FAKE_ROOT=")), line[256];

	if (!is_as_asked(run, state, status) && !(status && is_lost(&run->fault)))
		complain(run,
			 status ? "the host is changed" : "status 0, and the host is not as asked",
			 state_difference(status ? all.initial : test.state, state, line));
	if (strcmp(state, all.initial))
		restore_host();
	free(state);
}

static void judge(const struct run *run)
{
	const int status = WIFEXITED(run->status) ? WEXITSTATUS(run->status) : -1;
	char number[32];

	snprintf(number, sizeof(number), "%d", WTERMSIG(run->status));
	if (run->late)
		complain(run, "it hangs", "");
	else if (status < 0)
		complain(run, "it dies of signal", number);
	else if (status > STATUS_MAX || (!status && test.good.status))
		complain(run, "a status that it must not have", run->err);
	else
		judge_output(run, status);
	if (status >= 0 && !run->ended)
		complain(run, "it does not come to its end", "");
	if (run->ended && run->left > test.good.left)
		complain(run, "it leaks memory", "");
	if (run->ended && run->files > test.good.files)
		complain(run, "it leaves a file open", "");
	if (run->others_left)
		complain(run, "it leaves a process", "");
	judge_state(run, status);
}

/* Runs */

static void run_with(const struct fault *fault)
{
	struct run run = { .fault = *fault };

	run_line(&run);
	judge(&run);
	trace_release(&run);
}

/*
 * In the short form, of a row of many that are alike, as of a long list, those in its middle take
 * turns.
 */
#define ALL_OF 40

static bool is_skipped(unsigned long number, unsigned long count)
{
	if (all.all_errors || count <= ALL_OF || number <= ALL_OF / 2 ||
	    number > count - ALL_OF / 4)
		return false;
	return number % (count / ALL_OF + 1) != 0;
}

static void fail_memory(void)
{
	for (unsigned long number = 1; number <= test.good.made; number++)
		for (int after = 0; after < 2; after++) {
			char memory[32];
			const struct fault fault = { .memory = memory };

			if (is_skipped(number, test.good.made))
				continue;
			snprintf(memory, sizeof(memory), "%lu%s", number, after ? "+" : "");
			run_with(&fault);
		}
}

static void fail_call(const struct call *call, enum trace_role role, unsigned int number)
{
	struct fault fault = { .call = call, .role = role, .number = number };
	unsigned int count = 0;

	while (count < CALL_ERRORS && call->errors[count])
		count++;
	for (unsigned int i = 0; i < (all.all_errors ? count : 1); i++) {
		fault.code = call->errors[all.all_errors ? i : all.turn++ % count];
		run_with(&fault);
	}
}

static void fail_calls(void)
{
	for (unsigned int i = 0; i < call_count; i++)
		for (int role = 0; role < ROLE_COUNT; role++)
			for (unsigned int number = 1; number <= test.good.counts[role][i]; number++)
				if (!is_skipped(number, test.good.counts[role][i]))
					fail_call(&calls[i], role, number);
}

static void test_line(const struct line *line, unsigned int number)
{
	const long long begin = milliseconds();

	memset(&test, 0, sizeof(test));
	test.line = line;
	test.good.count = true;
	run_line(&test.good);
	test.state = state_of(all.root + strlen("FAKE_ROOT="));
	if (strcmp(test.state, all.initial))
		restore_host();
	if (!WIFEXITED(test.good.status) || !test.good.ended || test.good.late)
		complain(&test.good, "it does not come to its end", test.good.err);
	if (getenv("TORTURE_VERBOSE"))
		printf("# status %d, %lu allocations\n%s%s", WEXITSTATUS(test.good.status),
		       test.good.made, test.good.out, test.good.err);
	fail_memory();
	fail_calls();
	printf("%sok %u - %s: %u runs, %lld ms\n", test.wrong ? "not " : "", number, line->text,
	       test.runs, milliseconds() - begin);
	fflush(stdout);
	all.runs += test.runs;
	all.wrong += test.wrong;
	free(test.state);
	trace_release(&test.good);
}

int main(int argc, char **argv)
{
	unsigned int number = 0;
	static struct line line;
	int option;

	while ((option = getopt(argc, argv, "lm:")) > 0) {
		all.all_errors |= option == 'l';
		all.match = option == 'm' ? optarg : all.match;
	}
	if (argc - optind != 2) {
		fputs("usage: torture [-l] [-m TEXT] BUILD WORK <LIST\n", stderr);
		return 2;
	}
	all.build = argv[optind];
	all.work = argv[optind + 1];
	snprintf(all.preload, sizeof(all.preload), "LD_PRELOAD=%s/torture/preload.so %s/fake.so",
		 all.build, all.build);
	snprintf(all.root, sizeof(all.root), "FAKE_ROOT=%s/root", all.work);
	snprintf(all.rules, sizeof(all.rules), "FAKE_RULES=%s/rules", all.work);
	restore_host();
	all.initial = state_of(all.root + strlen("FAKE_ROOT="));
	while (line_read(stdin, &line))
		if (!all.match || strstr(line.text, all.match))
			test_line(&line, ++number);
	printf("1..%u\n", number);
	printf("# %u runs, %u wrong\n", all.runs, all.wrong);
	return all.wrong || !number;
}
