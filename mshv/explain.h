/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MSHV_EXPLAIN_H
#define MSHV_EXPLAIN_H

#include "base/err.h"
#include "model.h"

/* The kernel's answers in words, and hints where something helps. All return the negative errno. */

/* Of opening the node; @err: from chardev_open(). */
int explain_open(struct err *err, const char *node);

/* The node answers as none of the drivers would, with @ret of chardev_ioctl(). */
int explain_stranger(struct err *err, const char *node, int ret);

/* Of a version that was refused, with @ret of chardev_ioctl(). */
int explain_version(struct err *err, const char *node, uint32_t version, int ret);

/* Of a version that was taken, but is not kept: @ret is what a second request for it got. */
int explain_not_kept(struct err *err, const char *node, uint32_t version, int ret);

/* Of an extension that was refused, with @ret of chardev_ioctl(). */
int explain_extension(struct err *err, const char *node, uint32_t id, int ret);

/* The node has another interface than the one that @tried needs. */
int explain_lack(struct err *err, const char *node, const char *tried, enum interface interface);

#endif
