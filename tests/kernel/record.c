/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces a tool in tests, under the tool's name: runs the real tool of ../bin and keeps a copy of
 * each JSON document that it prints, in $RECORD/TOOL.PID and, for standard error, in
 * $RECORD/TOOL.PID.stderr. tests/documents.py checks them against the schemas. Commands without -j,
 * and those that run until a signal ends them, are not recorded.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Finds the real tool, in the directory bin beside our own. */
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

/* A command that runs until a signal ends it must get that signal itself, so it has no recorder. */
static bool goes_on(const char *word)
{
	return strcmp(word, "monitor") == 0 || strcmp(word, "interval") == 0;
}

static bool is_of_interest(int argc, char **argv)
{
	bool json = false;

	for (int i = 1; i < argc; i++) {
		if (goes_on(argv[i]))
			return false;
		json |= asks_for_json(argv[i]);
	}
	return json && getenv("RECORD");
}

/* A standard stream of the tool that is recorded. */
struct stream {
	int fd;		     /* STDOUT_FILENO or STDERR_FILENO */
	int from;	     /* our end of the pipe; -1: the stream is not recorded */
	int to;		     /* the tool's end of the pipe */
	int copy;	     /* the copy; -1 until there is something to write */
	char path[PATH_MAX]; /* of the copy */
};

static bool can_be_kept(int fd)
{
	struct stat status;

	return !fstat(fd, &status) && (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode));
}

/* If both streams go to one file, two pipes would lose the order of their lines. */
static bool are_one_file(void)
{
	struct stat out, err;

	return !fstat(STDOUT_FILENO, &out) && !fstat(STDERR_FILENO, &err) &&
	       out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

static struct stream keep(int fd, const char *tool, const char *suffix)
{
	struct stream stream = { fd, -1, -1, -1, "" };
	int ends[2];

	if (!can_be_kept(fd) || (fd == STDERR_FILENO && are_one_file()) || pipe2(ends, O_CLOEXEC))
		return stream;
	snprintf(stream.path, sizeof(stream.path), "%s/%s.%d%s", getenv("RECORD"), tool, getpid(),
		 suffix);
	stream.from = ends[0];
	stream.to = ends[1];
	return stream;
}

/* Passes one block on to the real stream and to the copy. Returns false at the end. */
static bool pass_on(struct stream *stream)
{
	char buffer[65536];
	ssize_t size = read(stream->from, buffer, sizeof(buffer));

	if (size <= 0)
		return false;
	if (stream->copy < 0)
		stream->copy = open(stream->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	/* Without a copy go on: some tests limit the number of open files. */
	if (stream->copy >= 0 && write(stream->copy, buffer, size) != size)
		perror("record");
	if (write(stream->fd, buffer, size) != size)
		exit(1);
	return true;
}

static void pass_all_on(struct stream *streams)
{
	struct pollfd files[] = { { streams[0].from, POLLIN, 0 }, { streams[1].from, POLLIN, 0 } };

	while ((files[0].fd >= 0 || files[1].fd >= 0) && poll(files, 2, -1) > 0)
		for (int i = 0; i < 2; i++)
			if (files[i].revents && !pass_on(&streams[i]))
				files[i].fd = -1;
}

static pid_t start(const char *path, char **argv, const struct stream *streams)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < 2; i++)
			if (streams[i].to >= 0)
				dup2(streams[i].to, streams[i].fd);
		execv(path, argv);
		_exit(127);
	}
	close(streams[0].to);
	close(streams[1].to);
	return pid;
}

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	const char *tool = find_tool(path, sizeof(path));
	struct stream streams[2];
	int status;
	pid_t pid;

	if (!tool || !is_of_interest(argc, argv)) {
		execv(path, argv);
		return 127;
	}
	streams[0] = keep(STDOUT_FILENO, tool, "");
	streams[1] = keep(STDERR_FILENO, tool, ".stderr");
	pid = start(path, argv, streams);
	pass_all_on(streams);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
