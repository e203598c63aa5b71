/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TORTURE_H
#define TORTURE_H

/*
 * The two sides of the torture test: the library that is loaded before the tool, and the program
 * that traces it. The library speaks to the tracer by a system call that the kernel refuses,
 * prctl(TORTURE_MARK, ...), so that it needs no file of its own.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define TORTURE_MARK 0x746f7274

enum torture_mark {
	MARK_BEGIN = 1, /* main() begins: from here on calls count */
	MARK_END,	/* main() has returned: allocations made, blocks and files that are left */
	MARK_PAUSE,	/* the fake kernel works: its own calls do not count */
	MARK_RESUME,
	MARK_CALL, /* the fake kernel is asked; the argument is an enum torture_call */
};

/* Calls that the fake kernel answers, so that the real one sees none of them. */
enum torture_call {
	CALL_SOCKET = 1,
	CALL_SEND,
	CALL_RECEIVE,
	CALL_IOCTL,
};

/* In the library */

/* Nests; what is called in between belongs to the fake kernel. */
void torture_pause(void);
void torture_resume(void);

/* Tells the tracer of a call. Returns 0, or -1 with errno set where the call is to fail. */
int torture_call(enum torture_call call);

/* The path below FAKE_ROOT that stands for @path, in a static buffer of the caller's. */
const char *torture_path(char *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
#define TORTURE_PATH_SIZE 4096
#define TORTURE_PATH(...) torture_path((char[TORTURE_PATH_SIZE]){ 0 }, __VA_ARGS__)

/* What comes after the library: tests/fake, or the C library. */
#define REAL(name)    ((typeof(&name))dlsym(RTLD_NEXT, #name))
/* With files of 64-bit sizes these have another name, which tests/fake stands for as well. */
#define REAL_64(name) ((typeof(&name))dlsym(RTLD_NEXT, #name "64"))

/* Files of the fake kernel. What cannot be written ends the program. */
void torture_put_file(const char *path, const char *text);
bool torture_exists(const char *path);
void torture_remove_all(const char *path);

/* The number of the character devices of vhost_vdpa. */
#define VHOST_MAJOR 240

/* A device of the fake kernel, as its file "torture" below /sys keeps it. */
struct torture_dev {
	char name[256], mgmtdev[64];
	uint32_t id, max_vqs;
	uint16_t mtu, max_vqp;
	uint8_t mac[6];
	uint64_t features;
};

int torture_dev_read(const char *name, struct torture_dev *dev);
int torture_dev_write(const struct torture_dev *dev);
int torture_dev_create(const struct torture_dev *dev);
int torture_dev_delete(const char *name);

/* The name of the @index-th device on the bus, in the order of their names; 0 after the last. */
int torture_dev_name(unsigned int index, char name[256]);

#endif
