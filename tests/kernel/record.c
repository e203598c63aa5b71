/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in a tool's place in tests, under the tool's name, and keeps a copy of each JSON document
 * that it prints, for tests/documents.py to hold against the schemas: $RECORD/TOOL.PID. The tool
 * itself lies in ../bin. Whatever is not a document that ends by itself is the tool's alone.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The real tool, beside the directory that this program lies in. */
static const char *find_tool(char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);
	char *name, *directory;
	char tool[64];

	if (length < 0)
		return NULL;
	path[length] = '\0';
	name = strrchr(path, '/');
	snprintf(tool, sizeof(tool), "%s", name + 1);
	*name = '\0';
	directory = strrchr(path, '/');
	*directory = '\0';
	strncat(path, "/bin/", size - strlen(path) - 1);
	strncat(path, tool, size - strlen(path) - 1);
	return strrchr(path, '/') + 1;
}

static bool asks_for_json(const char *word)
{
	if (strcmp(word, "--json") == 0)
		return true;
	return word[0] == '-' && word[1] != '-' && strchr(word, 'j');
}

/* What runs until a signal ends it must get the signal. */
static bool goes_on(const char *word)
{
	return strcmp(word, "monitor") == 0 || strcmp(word, "interval") == 0;
}

static bool is_of_interest(int argc, char **argv)
{
	bool json = false;
	struct stat out;

	for (int i = 1; i < argc; i++) {
		if (goes_on(argv[i]))
			return false;
		json |= asks_for_json(argv[i]);
	}
	return json && getenv("RECORD") && !fstat(STDOUT_FILENO, &out) &&
	       (S_ISREG(out.st_mode) || S_ISFIFO(out.st_mode));
}

static void pass_on(int from, int copy)
{
	char buffer[65536];
	ssize_t size;

	while ((size = read(from, buffer, sizeof(buffer))) > 0) {
		if (write(copy, buffer, size) != size)
			perror("record");
		if (write(STDOUT_FILENO, buffer, size) != size)
			exit(1);
	}
}

int main(int argc, char **argv)
{
	char path[PATH_MAX], record[PATH_MAX];
	const char *tool = find_tool(path, sizeof(path));
	int ends[2], copy, status;
	pid_t pid;

	if (!tool || !is_of_interest(argc, argv) || pipe2(ends, O_CLOEXEC)) {
		execv(path, argv);
		return 127;
	}
	snprintf(record, sizeof(record), "%s/%s.%d", getenv("RECORD"), tool, getpid());
	copy = open(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execv(path, argv);
		_exit(127);
	}
	close(ends[1]);
	pass_on(ends[0], copy);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
