/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_EXPLAIN_H
#define VDUSE_EXPLAIN_H

#include "vduse/model/model.h"

/* The kernel's errors in words, and hints where something helps. All return the negative errno. */

/* Of opening the control node; @err: from chardev_open(). */
int explain_control(struct err *err);

/* VDUSE has nothing below /sys: it is not loaded, or /sys is not there. */
int explain_absent(struct err *err);

/* No device of this name; @tried: such as "show". */
int explain_no_dev(struct err *err, const char *tried, const char *name);

/* Of opening a device's node, in order to do what was @tried; @err: from chardev_open(). */
int explain_node(struct err *err, const char *tried, const char *name, const char *path);

/* Of a request on a device's node. */
int explain_request(struct err *err, int code, const char *name, const char *tried);

/* Of creating a device all of whose values are right. */
int explain_create(struct err *err, int code, const struct dev_new *dev);
int explain_destroy(struct err *err, int code, const char *name);

/* Of a write to sysfs. */
int explain_attribute(struct err *err, int code, const char *name, const char *attribute);

/* Of a request to the vdpa bus; @err: from nl_do(). */
int explain_bus(struct err *err, const char *name, const char *tried);

/*
 * A device's name as a hint shows it: one that a shell would take apart stands for another command,
 * and is NAME.
 */
const char *explain_name(const char *name);

/* Who has this node open, into @err with status 5; or that somebody has. */
int explain_holder(struct err *err, const char *tried, const char *name, const char *path);

#endif
