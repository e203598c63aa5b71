/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_EXPLAIN_H
#define VDUSE_EXPLAIN_H

#include "vduse/model/model.h"

/*
 * Puts an error of the kernel into words, with a hint where something helps. All fill @err and
 * return the negative errno. @tried: such as "show" or "delete".
 */

/* The control node did not open. @err: from chardev_open(). */
int explain_control(struct err *err);

/* sysfs has nothing of VDUSE: its module is not loaded, or /sys is not mounted. */
int explain_absent(struct err *err);

/* There is no device of this name. */
int explain_no_dev(struct err *err, const char *tried, const char *name);

/* The node of a device did not open. @err: from chardev_open(). */
int explain_node(struct err *err, const char *tried, const char *name, const char *path);

/* A request on the node of a device failed. */
int explain_request(struct err *err, int code, const char *name, const char *tried);

/* The kernel did not create a device, though rules_check() found no fault in it. */
int explain_create(struct err *err, int code, const struct dev_new *dev);
int explain_destroy(struct err *err, int code, const char *name);

/* An attribute of a device could not be written. */
int explain_attribute(struct err *err, int code, const char *name, const char *attribute);

/* A request to the vdpa bus failed. @err: from nl_do(). */
int explain_bus(struct err *err, const char *name, const char *tried);

/*
 * The name of a device for a command in a hint. Pasted into a shell, a name with special characters
 * would be another command: such a name becomes "NAME".
 */
const char *explain_name(const char *name);

/* Somebody has the node at @path open. Names the process if it can be seen. Always -EBUSY. */
int explain_holder(struct err *err, const char *tried, const char *name, const char *path);

#endif
