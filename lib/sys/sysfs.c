/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads, writes and walks sysfs, and locks its files. */
#include "sys/sysfs.h"

#include "base/similar.h"
#include "sys/guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

/* How long one process may keep the lock before we give up, in ms. */
#define LOCK_TIMEOUT 5000

bool sysfs_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Locks */

struct locking {
	int fd, operation;
};

static ssize_t lock(const void *data)
{
	const struct locking *locking = data;

	return flock(locking->fd, locking->operation);
}

struct lock_owner {
	struct stat file;
	int pid; /* 0: not found */
	char words[64];
};

/* Reads a line of proc_locks(5), such as "1: FLOCK ADVISORY WRITE 708 00:13:4711 0 EOF". */
static void take_lock_line(void *data, const char *text)
{
	unsigned int device_major, device_minor;
	struct lock_owner *owner = data;
	unsigned long long number;
	int pid;

	if (!owner->pid &&
	    sscanf(text, "%*u: FLOCK ADVISORY %*s %d %x:%x:%llu", &pid, &device_major,
		   &device_minor, &number) == 4 &&
	    makedev(device_major, device_minor) == owner->file.st_dev &&
	    number == owner->file.st_ino)
		owner->pid = pid;
}

static void find_lock_owner(int fd, struct lock_owner *owner)
{
	char path[64], command[32];

	*owner = (struct lock_owner){ 0 };
	if (!fstat(fd, &owner->file))
		sysfs_each_line("/proc/locks", take_lock_line, owner);
	snprintf(path, sizeof(path), "/proc/%d/comm", owner->pid);
	if (owner->pid > 0 && sysfs_read(path, command, sizeof(command)) > 0)
		snprintf(owner->words, sizeof(owner->words), "process %d (%s)", owner->pid,
			 command);
	else
		snprintf(owner->words, sizeof(owner->words), "a process that cannot be seen");
}

/*
 * Many processes may take their turn with the lock, each for a short time. So give up only if the
 * same process keeps it for the whole limit.
 */
static int wait_for_lock(const struct locking *locking, struct err *err)
{
	struct lock_owner owner, before = { 0 };

	for (;;) {
		find_lock_owner(locking->fd, &owner);
		if (owner.pid == before.pid && before.words[0])
			break;
		before = owner;
		if (guard_wait(lock, locking, owner.words, LOCK_TIMEOUT) == 0)
			return 0;
		if (errno != EINTR)
			return err_set(err, errno, "lock: %s", err_words(errno));
		if (guard_signal())
			return err_set(err, EINTR, "interrupted");
	}
	err_set(err, EBUSY, "%s holds the lock for changes to this bus and does not release it",
		owner.words);
	err_hint(err, "let that process continue, or end it");
	return -EBUSY;
}

int sysfs_lock(const char *path, bool shared, int *fd, struct err *err)
{
	struct locking locking = { .operation = shared ? LOCK_SH : LOCK_EX };
	int ret = 0;

	/* Opening for writing keeps those who may only read the file from blocking us. */
	*fd = locking.fd = open(path, O_WRONLY | O_CLOEXEC);
	if (*fd >= 0 && flock(*fd, locking.operation | LOCK_NB))
		ret = wait_for_lock(&locking, err);
	return ret;
}

bool sysfs_is_mounted(void)
{
	struct statfs status;

	return !statfs("/sys", &status) && (unsigned long)status.f_type == SYSFS_MAGIC;
}

int sysfs_check(struct err *err)
{
	if (sysfs_is_mounted())
		return 0;
	err_set(err, ENOENT, "/sys is not mounted");
	err_hint(err, "mount -t sysfs sysfs /sys");
	return -ENOENT;
}

/*
 * Returns 0 if a file is absent or its device has gone: it has nothing to say. After any other
 * failure, such as too many open files, the file may exist unseen: returns -errno.
 */
static int not_opened(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ENODEV:
	case ENXIO:
		return 0;
	default:
		return -errno;
	}
}

int sysfs_read_at(int directory, const char *path, char *text, size_t size)
{
	_cleanup_close_ int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	text[0] = '\0';
	if (fd < 0)
		return not_opened();
	length = read(fd, text, size - 1);
	/*
	 * A driver that has no value fails with an errno of its own choice, often EIO. Only a lack
	 * of memory says nothing about the attribute.
	 */
	if (length < 0)
		return errno == ENOMEM || errno == EIO ? -errno : 0;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return length > 0;
}

int sysfs_read(const char *path, char *text, size_t size)
{
	return sysfs_read_at(AT_FDCWD, path, text, size);
}

int sysfs_failed(struct err *err, int ret, const char *path)
{
	if (ret == -ENOMEM)
		return err_memory(err);
	return err_set(err, -ret, "read %s: %s", path, err_words(-ret));
}

struct writing {
	int fd;
	const char *text;
};

/* The driver does its work inside this call. */
static ssize_t write_text(const void *data)
{
	const struct writing *writing = data;

	return write(writing->fd, writing->text, strlen(writing->text));
}

int sysfs_write(const char *path, const char *text)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	struct writing writing = { .fd = fd, .text = text };

	if (fd < 0 || guard_call(write_text, &writing, true) < 0)
		return -errno;
	return 0;
}

bool sysfs_link_at(int directory, const char *path, char target[SYSFS_PATH_SIZE])
{
	ssize_t length = readlinkat(directory, path, target, SYSFS_PATH_SIZE - 1);

	if (length < 0)
		return false;
	target[length] = '\0';
	return true;
}

bool sysfs_link(const char *path, char target[SYSFS_PATH_SIZE])
{
	return sysfs_link_at(AT_FDCWD, path, target);
}

const char *sysfs_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define _cleanup_directory_ _cleanup_(close_directory)

/* Returns the next entry, or NULL with 0 or the negative errno of a failure in *@ret. */
static const struct dirent *next_entry(DIR *directory, int *ret)
{
	const struct dirent *found;

	errno = 0;
	found = readdir(directory);
	if (!found)
		*ret = errno ? not_opened() : 0;
	return found;
}

int sysfs_each_link(const char *path, const char *prefix,
		    int (*entry)(void *data, const char *name, const char *target), void *data)
{
	_cleanup_directory_ DIR *directory = opendir(path);
	char target[SYSFS_PATH_SIZE];
	const struct dirent *found;
	int ret = directory ? 0 : not_opened();

	while (directory && !ret && (found = next_entry(directory, &ret))) {
		ssize_t length;

		if (!str_starts(found->d_name, prefix))
			continue;
		/*
		 * Skip an entry that is not a link, or that has gone since the directory was read.
		 */
		length = readlinkat(dirfd(directory), found->d_name, target, sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		ret = entry(data, found->d_name, target);
	}
	return ret;
}

int sysfs_each(const char *path, int (*entry)(void *data, const char *name), void *data)
{
	_cleanup_directory_ DIR *directory = opendir(path);
	const struct dirent *found;
	int ret = directory ? 0 : not_opened();

	while (directory && !ret && (found = next_entry(directory, &ret)))
		if (!str_equal(found->d_name, ".") && !str_equal(found->d_name, ".."))
			ret = entry(data, found->d_name);
	return ret;
}

/* The mistyped name, and the most similar one so far. */
struct search {
	struct similar similar;
	char *name;
};

static int try_name(void *data, const char *name)
{
	struct search *search = data;

	if (similar_try(&search->similar, name))
		snprintf(search->name, NAME_MAX + 1, "%s", name);
	return 0;
}

bool sysfs_find_similar(const char *path, const char *name, char similar[static NAME_MAX + 1])
{
	struct search search = { .name = similar };

	similar_init(&search.similar, name, strlen(name));
	sysfs_each(path, try_name, &search);
	return search.similar.best;
}

uint64_t sysfs_uevent_sequence(void)
{
	char text[32];

	if (sysfs_read("/sys/kernel/uevent_seqnum", text, sizeof(text)) <= 0)
		return 0;
	return strtoull(text, NULL, 10);
}

int sysfs_is(const char *path, char byte)
{
	char text[32];
	int ret = sysfs_read(path, text, sizeof(text));

	return ret > 0 ? text[0] == byte : ret;
}

int sysfs_find(const char *path, const char *prefix, char *name, size_t size)
{
	_cleanup_directory_ DIR *directory = opendir(path);
	const struct dirent *entry;
	int ret = directory ? 0 : not_opened();

	name[0] = '\0';
	while (directory && (entry = next_entry(directory, &ret))) {
		if (!str_starts(entry->d_name, prefix))
			continue;
		snprintf(name, size, "%s", entry->d_name);
		return 1;
	}
	return ret;
}

bool sysfs_each_line(const char *path, void (*line)(void *data, const char *text), void *data)
{
	FILE *file = fopen(path, "re");
	bool inside = false; /* the beginning of this line was passed on already */
	char text[1024];

	if (!file)
		return false;
	while (fgets(text, sizeof(text), file)) {
		size_t length = strcspn(text, "\n");
		bool whole = text[length] == '\n';

		text[length] = '\0';
		if (!inside)
			line(data, text);
		inside = !whole;
	}
	fclose(file);
	return true;
}
