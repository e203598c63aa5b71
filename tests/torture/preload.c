/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lets memory run out, and tells the tracer where a tool's main() begins and ends. */

/*
 * TORTURE_MEMORY is "N" or "N+": the N-th allocation of the tool fails, alone or with all that
 * follow it. The C library's own allocations count as well: it makes them for the tool.
 */
#include "torture.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

struct json_tokener;
struct json_object *json_tokener_parse_ex(struct json_tokener *tokener, const char *text,
					  int length);

static bool counting;
static atomic_int paused;
static atomic_ulong made;
static unsigned long failing;
static bool and_all_after;

static long mark(enum torture_mark what, unsigned long a, unsigned long b, unsigned long c)
{
	return syscall(SYS_prctl, TORTURE_MARK, what, a, b, c);
}

void torture_pause(void)
{
	if (!atomic_fetch_add(&paused, 1))
		mark(MARK_PAUSE, 0, 0, 0);
}

void torture_resume(void)
{
	int code = errno;

	if (atomic_fetch_sub(&paused, 1) == 1)
		mark(MARK_RESUME, 0, 0, 0);
	errno = code;
}

int torture_call(enum torture_call call)
{
	int code = errno;

	if (mark(MARK_CALL, call, 0, 0) < 0 && errno != EINVAL)
		return -1;
	errno = code;
	return 0;
}

const char *torture_path(char *buffer, const char *format, ...)
{
	size_t length;
	va_list args;

	length = (size_t)snprintf(buffer, TORTURE_PATH_SIZE, "%s", getenv("FAKE_ROOT"));
	va_start(args, format);
	vsnprintf(buffer + length, TORTURE_PATH_SIZE - length, format, args);
	va_end(args);
	return buffer;
}

/* The blocks that the tool has, by their addresses. */
#define SLOTS 65536
#define GONE  ((void *)1)

static void *blocks[SLOTS];
static long left;

static size_t slot_of(const void *block)
{
	return ((uintptr_t)block >> 4) * 2654435761U % SLOTS;
}

static void *took(void *block)
{
	size_t slot = slot_of(block);

	if (!block || !counting || paused)
		return block;
	while (blocks[slot] && blocks[slot] != GONE)
		slot = (slot + 1) % SLOTS;
	blocks[slot] = block;
	left++;
	return block;
}

static void gave(const void *block)
{
	size_t slot = slot_of(block);

	while (block && blocks[slot] && blocks[slot] != block)
		slot = (slot + 1) % SLOTS;
	if (!block || !blocks[slot])
		return;
	blocks[slot] = GONE;
	left--;
}

static bool fails(void)
{
	unsigned long number;

	if (!counting || paused)
		return false;
	number = ++made;
	if (!failing || (and_all_after ? number < failing : number != failing))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : took(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : took(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
	void *larger;

	if (fails())
		return NULL;
	larger = __libc_realloc(block, size);
	if (larger)
		gave(block);
	return took(larger);
}

void free(void *block)
{
	gave(block);
	__libc_free(block);
}

/* The open files that are left, but for the directory of devices, which a batch keeps open. */
static unsigned long count_files(void)
{
	unsigned long count = 0;

	for (int fd = 3; fd < 32; fd++) {
		char link[32], path[TORTURE_PATH_SIZE];
		ssize_t length;

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		length = readlink(link, path, sizeof(path) - 1);
		path[length > 0 ? length : 0] = '\0';
		count += !strstr(path, "/sys/bus/vdpa/devices");
	}
	return count;
}

/* json-c dies where there is no memory for the key of an object, which is none of our faults. */
struct json_object *json_tokener_parse_ex(struct json_tokener *tokener, const char *text,
					  int length)
{
	typeof(&json_tokener_parse_ex) next =
		(typeof(&json_tokener_parse_ex))dlsym(RTLD_NEXT, "json_tokener_parse_ex");
	struct json_object *object;

	torture_pause();
	object = next(tokener, text, length);
	torture_resume();
	return object;
}

static int (*real_main)(int argc, char **argv, char **environment);

static int counted_main(int argc, char **argv, char **environment)
{
	const char *memory = getenv("TORTURE_MEMORY");
	int status;

	failing = memory ? strtoul(memory, NULL, 10) : 0;
	and_all_after = memory && strchr(memory, '+');
	mark(MARK_BEGIN, 0, 0, 0);
	counting = true;
	status = real_main(argc, argv, environment);
	counting = false;
	mark(MARK_PAUSE, 0, 0, 0);
	mark(MARK_END, made, (unsigned long)left, count_files());
	return status;
}

typedef int start_main(int (*main)(int, char **, char **), int argc, char **argv,
		       void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
		       void *stack_end);

start_main __libc_start_main;

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	start_main *next = (start_main *)dlsym(RTLD_NEXT, "__libc_start_main");

	real_main = main;
	return next(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
