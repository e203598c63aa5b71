/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UEVENT_H
#define UEVENT_H

#include "base/clock.h"
#include "base/err.h"

/* Size of a buffer for one event: the kernel allows 2048 bytes of variables, preceded by a path. */
#define UEVENT_SIZE 8192

/* A socket on which the kernel reports events of devices. */
struct uevents {
	int fd;
	/*
	 * Another file to wait for, or -1: a pipe or socket to which the events are passed on and
	 * which may lose its reader. Set it after opening.
	 */
	int reader;
	size_t length; /* of the event in the buffer */
	char buffer[UEVENT_SIZE];
};

/*
 * An event of a device. The strings point into the buffer and are valid until the next event is
 * received. Events that a program made the kernel repeat, as "udevadm trigger" does, report nothing
 * new and are left out.
 */
struct uevent {
	const char *action;    /* "add", "remove", "bind", "unbind", "change", ... */
	const char *devpath;   /* path below /sys: "/devices/foo" */
	const char *name;      /* last component of devpath */
	const char *subsystem; /* "vdpa", or "" */
	const char *driver;    /* driver that the device was bound to, or NULL */
};

/*
 * Starts to receive events; call uevents_release() on failure as well. This needs no privilege. The
 * kernel drops events that do not fit into the buffer, so make @size large; an unprivileged caller
 * gets less than it asks for.
 */
int uevents_open(struct uevents *uevents, size_t size, struct err *err);
void uevents_release(struct uevents *uevents);

/*
 * Waits for the next event.
 * @milliseconds: the longest time to wait; negative: without limit.
 * Returns 1 with @uevent filled, 0 if none came in time, or a negative errno with @err filled:
 * -ENOBUFS if events were lost, -EINTR if a signal came, -EPIPE if @reader has gone.
 * After a loss, the events that had arrived earlier are still received, before or after -ENOBUFS;
 * later events are not lost.
 */
int uevents_receive(struct uevents *uevents, int milliseconds, struct uevent *uevent,
		    struct err *err);

/*
 * Sleeps until something may have changed: an event of one of the @subsystems, which end with a
 * NULL, or lost events. In a network namespace without events it sleeps for about a second instead.
 * @end: the latest time to return, by clock_milliseconds(); negative: no limit.
 * Returns 0, or a negative errno with @err filled; -EINTR: a signal came.
 */
int uevents_sleep(struct uevents *uevents, const char *const *subsystems, int64_t end,
		  struct err *err);

#endif
