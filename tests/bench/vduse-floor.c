/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lower bound for vduse: the system calls that creating a VDUSE device needs. */

/*
 * Like floor, for VDUSE: sends the requests that the kernel needs, and does nothing else. A failure
 * ends with status 1, so that it is never measured as a success.
 */
#include "abi/vduse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BLOCK	    2
#define FEATURES    (UINT64_C(3) << 32) /* VERSION_1, ACCESS_PLATFORM */
#define PAGE	    4096
#define CONFIG_SIZE 72
#define QUEUE_SIZE  256

static void fail(const char *what)
{
	fprintf(stderr, "vduse-floor: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_node(const char *name)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), VDUSE_NODES "/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	return fd;
}

static void request(int fd, unsigned long number, void *argument, const char *what)
{
	if (ioctl(fd, number, argument) < 0)
		fail(what);
}

/* Asks for the version and the features, which must be known before a device is created. */
static int ask(void)
{
	int control = open_node(VDUSE_CONTROL);
	uint64_t value;

	request(control, VDUSE_GET_API_VERSION, &value, "version");
	request(control, VDUSE_GET_FEATURES, &value, "features");
	return control;
}

static int begin(void)
{
	uint64_t version = VDUSE_API_VERSION_1;
	int control = ask();

	request(control, VDUSE_SET_API_VERSION, &version, "set version");
	return control;
}

static void add(int control, const char *name)
{
	static union {
		struct vduse_dev_config config;
		char bytes[sizeof(struct vduse_dev_config) + CONFIG_SIZE];
	} dev;
	struct vduse_vq_config queue = { .max_size = QUEUE_SIZE };
	int node;

	dev.config = (struct vduse_dev_config){
		.device_id = BLOCK,
		.features = FEATURES,
		.vq_num = 1,
		.vq_align = PAGE,
		.ngroups = 1,
		.nas = 1,
		.config_size = CONFIG_SIZE,
	};
	strcpy(dev.config.name, name);
	request(control, VDUSE_CREATE_DEV, &dev, name);
	node = open_node(name);
	request(node, VDUSE_VQ_SETUP, &queue, "queue");
	close(node);
}

static void del(int control, const char *name)
{
	char bytes[VDUSE_NAME_SIZE] = "";

	strcpy(bytes, name);
	request(control, VDUSE_DESTROY_DEV, bytes, name);
}

static void each(int control, void (*act)(int control, const char *name), const char *prefix,
		 int from, int to)
{
	for (; from < to; from++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%d", prefix, from);
		act(control, name);
	}
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (strcmp(command, "ask") == 0) {
		ask();
	} else if (strcmp(command, "add") == 0 && argc == 3) {
		add(begin(), argv[2]);
	} else if (strcmp(command, "del") == 0 && argc == 3) {
		del(open_node(VDUSE_CONTROL), argv[2]);
	} else if (strcmp(command, "fill") == 0 && argc == 5) {
		each(begin(), add, argv[2], atoi(argv[3]), atoi(argv[4]));
	} else if (strcmp(command, "empty") == 0 && argc == 5) {
		each(open_node(VDUSE_CONTROL), del, argv[2], atoi(argv[3]), atoi(argv[4]));
	} else {
		fputs("usage: vduse-floor ask | add NAME | del NAME | fill PREFIX FROM TO |\n"
		      "                   empty PREFIX FROM TO\n",
		      stderr);
		return 2;
	}
	return 0;
}
