/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the processes that have a character device open. */
#include "sys/holders.h"

#include "base/list.h"
#include "sys/sysfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define _cleanup_directory_ _cleanup_(close_directory)

/* Reads at most @size - 1 bytes of a file of the process @pid; nothing if the process has ended. */
static void read_about(int proc, const char *pid, const char *file, char *text, size_t size)
{
	char path[300];
	ssize_t length = -1;
	int fd;

	snprintf(path, sizeof(path), "%.20s/%s", pid, file);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, text, size - 1);
		close(fd);
	}
	text[length > 0 ? length : 0] = '\0';
}

/*
 * Reads the start time, field 22 of proc_pid_stat(5). Field 2, the name in parentheses, may hold
 * blanks and parentheses: count from the last parenthesis.
 */
static unsigned long long read_start(int proc, const char *pid)
{
	char text[512];
	const char *at;
	int field = 2;

	read_about(proc, pid, "stat", text, sizeof(text));
	at = strrchr(text, ')');
	while (at && field < 22) {
		at = strchr(at + 1, ' ');
		field++;
	}
	return at ? strtoull(at + 1, NULL, 10) : 0;
}

/* Fills the members that depend only on the process. */
static void describe_process(int proc, const char *pid, struct holder *holder)
{
	holder->pid = atoi(pid);
	holder->started = read_start(proc, pid);
	read_about(proc, pid, "comm", holder->command, sizeof(holder->command));
	holder->command[strcspn(holder->command, "\n")] = '\0';
}

/* One pass over all processes. */
struct search {
	int proc;
	unsigned int major_number;
	struct list *holders;
	/* The current process, and the index of its first holder. */
	const char *pid;
	size_t first;
};

/* Adds a holder of @device unless one of the process is listed already. */
static int add(struct search *search, dev_t device, pid_t thread, int fd)
{
	const struct list *holders = search->holders;
	struct holder *holder;

	for (size_t i = search->first; i < holders->count; i++)
		if (((const struct holder *)holders->items[i])->device == device)
			return 0;
	holder = list_new(search->holders, sizeof(*holder));
	if (!holder)
		return -ENOMEM;
	if (holders->count > search->first + 1)
		*holder = *(const struct holder *)holders->items[search->first];
	else
		describe_process(search->proc, search->pid, holder);
	holder->device = device;
	holder->thread = thread;
	holder->fd = fd;
	return 0;
}

/*
 * Opens a directory of a process. Where there is none, the result is what the caller returns: 1 if
 * the process has ended, 0 if we may not look, or -ENOMEM. fdopendir() asks for the size of the
 * directory, which fails like the opening once the process has ended (since Linux 6.2).
 */
static int open_directory(const struct search *search, const char *path, DIR **directory)
{
	int fd = openat(search->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), code = errno;

	*directory = fd >= 0 ? fdopendir(fd) : NULL;
	if (*directory)
		return 0;
	if (fd >= 0) {
		code = errno;
		close(fd);
	}
	return code == ENOMEM ? -ENOMEM : code == ENOENT || code == ESRCH;
}

/*
 * Examines the open files of a thread, in the directory @path. Processes start and end while we
 * look; one that has ended has nothing open. Returns 1, 0 if we may not look, or -ENOMEM.
 */
static int look_at_files(struct search *search, const char *path, pid_t thread)
{
	_cleanup_directory_ DIR *files = NULL;
	const struct dirent *entry;
	int ret = open_directory(search, path, &files);

	if (!files)
		return ret;
	while (!ret && (entry = readdir(files))) {
		struct statx status;

		/* Do not ask a network server for the file: it may not answer. */
		if (statx(dirfd(files), entry->d_name, AT_STATX_DONT_SYNC, STATX_TYPE, &status) ||
		    !S_ISCHR(status.stx_mode) || status.stx_rdev_major != search->major_number)
			continue;
		ret = add(search, makedev(status.stx_rdev_major, status.stx_rdev_minor), thread,
			  atoi(entry->d_name));
	}
	return ret ? ret : 1;
}

/* Threads share one file table unless they asked for their own, which is rare. */
static bool shares_files(pid_t one, pid_t other)
{
	return !syscall(SYS_kcmp, one, other, KCMP_FILES, 0, 0);
}

/* Examines the threads that do not share the file table of the first one. Returns the same. */
static int look_at_threads(struct search *search)
{
	_cleanup_directory_ DIR *threads = NULL;
	const pid_t process = atoi(search->pid);
	const struct dirent *entry;
	pid_t last = process;
	char path[300];
	int ret;

	snprintf(path, sizeof(path), "%.20s/task", search->pid);
	ret = open_directory(search, path, &threads);
	if (!threads)
		return ret;
	ret = 1;
	while (ret > 0 && (entry = readdir(threads))) {
		const pid_t thread = atoi(entry->d_name);

		if (!thread || thread == process || shares_files(process, thread) ||
		    shares_files(last, thread))
			continue;
		snprintf(path, sizeof(path), "%.20s/task/%d/fd", search->pid, (int)thread);
		ret = look_at_files(search, path, thread);
		last = thread;
	}
	return ret;
}

/* Counts the threads of the process: each is a directory in "task", in addition to "." and "..". */
static unsigned int count_threads(const struct search *search)
{
	struct stat status;
	char path[300];

	snprintf(path, sizeof(path), "%.20s/task", search->pid);
	return fstatat(search->proc, path, &status, 0) ? 0 : (unsigned int)status.st_nlink - 2;
}

/* Returns 1, 0 if the process cannot be examined, or -ENOMEM. */
static int look_at_process(struct search *search)
{
	char path[300], nothing[1];
	unsigned int threads;
	bool has_program;
	int ret;

	snprintf(path, sizeof(path), "%.20s/exe", search->pid);
	has_program = readlinkat(search->proc, path, nothing, sizeof(nothing)) >= 0;
	if (!has_program && (errno == EACCES || errno == EPERM))
		return 0;
	threads = count_threads(search);
	/*
	 * Kernel threads have neither a program nor files, and there are many of them. A process
	 * whose first thread has ended shows no program either, but its other threads live on.
	 */
	if (!has_program && threads <= 1)
		return 1;
	search->first = search->holders->count;
	snprintf(path, sizeof(path), "%.20s/fd", search->pid);
	ret = look_at_files(search, path, atoi(search->pid));
	if (ret > 0 && threads > 1)
		ret = look_at_threads(search);
	return ret;
}

/* The kernel gives the initial PID namespace this inode number on every boot. */
#define INITIAL_PID_NAMESPACE 0xEFFFFFFC

/*
 * Returns whether /proc shows all processes of the machine. In a container it does not, nor when it
 * hides the processes of other users: process 1 is missing then.
 */
static bool shows_all(int proc)
{
	struct stat status;

	return !fstatat(proc, "self/ns/pid", &status, 0) &&
	       status.st_ino == INITIAL_PID_NAMESPACE && !faccessat(proc, "1", F_OK, 0);
}

/* Process ids wrap around, so they do not tell which process is older. */
static int by_age(const void *a, const void *b)
{
	const struct holder *first = *(const struct holder *const *)a;
	const struct holder *second = *(const struct holder *const *)b;

	if (first->started != second->started)
		return first->started < second->started ? -1 : 1;
	return (first->pid > second->pid) - (first->pid < second->pid);
}

int holders_collect(unsigned int major_number, struct list *holders, bool *complete)
{
	_cleanup_directory_ DIR *proc = opendir("/proc");
	struct search search = { .major_number = major_number, .holders = holders };
	const struct dirent *entry;

	*complete = proc && shows_all(dirfd(proc));
	while (proc && (entry = readdir(proc))) {
		int ret = 1;

		search.proc = dirfd(proc);
		search.pid = entry->d_name;
		if (isdigit((unsigned char)entry->d_name[0]))
			ret = look_at_process(&search);
		if (ret < 0)
			return ret;
		*complete &= ret;
	}
	if (holders->count)
		qsort(holders->items, holders->count, sizeof(holders->items[0]), by_age);
	return 0;
}

enum holders_answer holders_find_device(dev_t device, struct holder *holder)
{
	_cleanup_(list_clear) struct list holders = { 0 };
	bool complete;

	if (holders_collect(major(device), &holders, &complete))
		complete = false;
	for (size_t i = 0; i < holders.count; i++) {
		*holder = *(const struct holder *)holders.items[i];
		if (holder->device == device)
			return HOLDERS_FOUND;
	}
	return complete ? HOLDERS_NONE : HOLDERS_UNKNOWN;
}

int holders_find(const char *path, struct holder *holder)
{
	struct stat node;

	if (stat(path, &node) || !S_ISCHR(node.st_mode))
		return 0;
	return holders_find_device(node.st_rdev, holder) == HOLDERS_FOUND;
}

bool holders_still(const struct holder *holder)
{
	struct statx status;
	char path[100];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/fd/%d", (int)holder->pid,
		 (int)holder->thread, holder->fd);
	return !statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_TYPE, &status) &&
	       S_ISCHR(status.stx_mode) &&
	       makedev(status.stx_rdev_major, status.stx_rdev_minor) == holder->device;
}

bool holders_count_open(const char *module, unsigned int *count)
{
	char path[100], text[32];

	snprintf(path, sizeof(path), "/sys/module/%.50s/refcnt", module);
	if (sysfs_read(path, text, sizeof(text)) <= 0)
		return false;
	*count = (unsigned int)strtoul(text, NULL, 10) / 2;
	return true;
}
