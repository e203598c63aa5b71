/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_TOPOLOGY_WALK_H
#define VDPA_KERNEL_TOPOLOGY_WALK_H

#include "base/list.h"
#include "topology.h"

#include <sys/types.h>

/* What the files of the walk through sysfs share. */

/* Room for a path with a device's name in it; longer ones are cut, and then found nowhere. */

/* Where a device lies below /sys. */
struct place {
	struct dev *dev;
	const char *path;   /* from "/devices" on; NULL until it is known */
	const char *parent; /* of the directory around it, or NULL: it has no parent */
};

/* The character device of a vDPA device. */
struct node {
	dev_t number;
	struct dev *dev;
};

/* A virtio device of a vDPA device, and the latter. */
struct virtio {
	const char *name;
	struct dev *dev;    /* NULL where it may be any of those at @parent */
	const char *parent; /* as in struct place */
	bool is_seen;	    /* its interface is in this network namespace */
	bool is_elsewhere;  /* or in another one */
};

/* What is known of the devices while links are looked for. */
struct walk {
	struct list *list;
	struct place *places; /* one for each, in the order of their names */
	struct list strings;  /* of places, and of virtio */
	struct list nodes;    /* of struct node */
	struct list virtio;   /* of struct virtio */
	const char *driver;   /* whose directory is read */
};

/* Any device that is bound to this driver, or NULL: the host need not be searched then. */
const struct dev *walk_bound(const struct walk *walk, const char *driver);

/* The part of a link's target that does not lead up to /sys, or NULL. */
char *walk_path(char *target);

/* Cuts the last part off @path and returns it. */
const char *walk_cut(char *path);

/* Names the device at @path: "BUS/NAME", or "CLASS/NAME"; empty where it is neither. */
void walk_name(const char *path, char *text, size_t size);

/* Leaves in *@dev the device whose directory @path is, or NULL. Returns 0 or -ENOMEM. */
int walk_dev(struct walk *walk, const char *path, struct dev **dev);

/* Sets a member of struct topology that is a string. Returns 0 or -ENOMEM. */
int walk_set(struct walk *walk, struct dev *dev, const char **member, unsigned int present,
	     const char *text);

/* Finds virtio devices, and whose children they are. Returns 0 or -ENOMEM. */
int walk_virtio(struct walk *walk);

/*
 * Finds the interfaces and disks on them, and whose sisters they are: the places of all devices
 * must be known. Returns 0 or -ENOMEM.
 */
int walk_on_virtio(struct walk *walk);

#endif
