/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UEVENT_H
#define UEVENT_H

#include "base/clock.h"
#include "base/err.h"

/* Bytes of one event: the kernel's own limit is 2048 for the variables, and a path before them. */
#define UEVENT_SIZE 8192

/* A socket on which the kernel tells what happens to its devices. */
struct uevents {
	int fd;
	/*
	 * Another file that is waited for, or -1: a pipe or socket that events are passed on to,
	 * and that may lose its reader. Set it after opening.
	 */
	int reader;
	size_t length; /* of what is in the buffer */
	char buffer[UEVENT_SIZE];
};

/*
 * What happened to a device; strings point into the buffer, and hold until the next is received.
 * Events that a program had the kernel repeat, as "udevadm trigger" does, tell of nothing new and
 * are left out.
 */
struct uevent {
	const char *action;    /* "add", "remove", "bind", "unbind", "change", ... */
	const char *devpath;   /* below /sys: "/devices/foo" */
	const char *name;      /* the last part of devpath */
	const char *subsystem; /* "vdpa", or "" */
	const char *driver;    /* that a device was bound to, or NULL */
};

/*
 * Starts to listen; release it, on failure as well. Needs no right. Events that the kernel has no
 * room for are lost, so ask for much: @size bytes, of which an ordinary user gets less.
 */
int uevents_open(struct uevents *uevents, size_t size, struct err *err);
void uevents_release(struct uevents *uevents);

/*
 * Waits for the next event.
 * @milliseconds: how long at most; negative: without limit.
 * Returns 1 with @uevent filled, 0 when none came in time, -ENOBUFS when events were lost, -EINTR
 * when a signal came, -EPIPE when @reader has gone, or another negative errno; with @err filled.
 * Of events that were lost, those that came before are received first or after -ENOBUFS, until none
 * is left; what happens behind that is not lost.
 */
int uevents_receive(struct uevents *uevents, int milliseconds, struct uevent *uevent,
		    struct err *err);

/*
 * Sleeps until something may have changed: something happened to a device of one of the
 * @subsystems, which end with a NULL, or events were lost. In a network namespace that gets no
 * events, about a second passes instead.
 * @end: when to return at the latest, by clock_milliseconds(); negative: no limit.
 * Returns 0, or a negative errno with @err filled: -EINTR when a signal came.
 */
int uevents_sleep(struct uevents *uevents, const char *const *subsystems, int64_t end,
		  struct err *err);

#endif
