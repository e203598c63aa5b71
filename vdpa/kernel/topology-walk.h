/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_TOPOLOGY_WALK_H
#define VDPA_KERNEL_TOPOLOGY_WALK_H

#include "base/list.h"
#include "topology.h"

#include <sys/types.h>

/* Shared by the files that read topology from sysfs; private to this folder. */

/* The directory of a device below /sys. */
struct place {
	struct dev *dev;
	const char *path;   /* from "/devices" on; NULL until it is known */
	const char *parent; /* the directory that holds it, or NULL: it has no parent */
};

/* The character device of a vDPA device. */
struct node {
	dev_t number;
	struct dev *dev;
};

/* A virtio device, and the vDPA device that it belongs to. */
struct virtio {
	const char *name;
	struct dev *dev;    /* NULL: it may belong to any device of @parent */
	const char *parent; /* as in struct place */
	bool is_seen;	    /* its interface is in this network namespace */
	bool is_elsewhere;  /* its interface is in another network namespace */
};

/* The state of one walk through sysfs. */
struct walk {
	struct list *list;    /* the devices, of struct dev */
	struct place *places; /* one for each device, in the order of their names */
	struct list strings;  /* of places, and of virtio */
	struct list nodes;    /* of struct node */
	struct list virtio;   /* of struct virtio */
	const char *driver;   /* the driver whose directory is being read */
};

/* Returns a device that is bound to this driver; NULL: none is, and a search can be skipped. */
const struct dev *walk_bound(const struct walk *walk, const char *driver);

/* Returns the part of a link's target from "/devices/" on, or NULL. */
char *walk_path(char *target);

/* Cuts the last part off @path and returns it. */
const char *walk_cut(char *path);

/* Names the device at @path: "BUS/NAME", or "CLASS/NAME"; empty if it has neither. */
void walk_name(const char *path, char *text, size_t size);

/* Sets *@dev to the device whose directory is @path, or to NULL. Returns 0 or -ENOMEM. */
int walk_dev(struct walk *walk, const char *path, struct dev **dev);

/* Sets a member of struct topology that is a string. Returns 0 or -ENOMEM. */
int walk_set(struct walk *walk, struct dev *dev, const char **member, unsigned int present,
	     const char *text);

/* Finds virtio devices, and the vDPA devices whose children they are. Returns 0 or -ENOMEM. */
int walk_virtio(struct walk *walk);

/*
 * Finds the interfaces and disks of virtio devices, and the vDPA devices of those that are children
 * of a PCI function. The places of all devices must be known. Returns 0 or -ENOMEM.
 */
int walk_on_virtio(struct walk *walk);

#endif
