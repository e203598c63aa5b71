/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MSHV_EXPLAIN_H
#define MSHV_EXPLAIN_H

#include "base/err.h"
#include "model.h"

/*
 * Puts an answer of the kernel into words, with a hint where something helps. All fill @err and
 * return the negative errno. @ret: from chardev_ioctl().
 */

/* The node did not open. @err: from chardev_open(). */
int explain_open(struct err *err, const char *node);

/* The node answers as none of the known drivers does. */
int explain_unknown_driver(struct err *err, const char *node, int ret);

/* The kernel refused a version. */
int explain_version(struct err *err, const char *node, uint32_t version, int ret);

/* The kernel accepted a version, but does not keep it. @ret: of a second request for it. */
int explain_not_kept(struct err *err, const char *node, uint32_t version, int ret);

/* The kernel refused an extension. */
int explain_extension(struct err *err, const char *node, uint32_t id, int ret);

/* The node's interface has no such request. @tried: such as "request a version". */
int explain_no_request(struct err *err, const char *node, const char *tried,
		       enum interface interface);

#endif
