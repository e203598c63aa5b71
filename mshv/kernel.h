/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MSHV_KERNEL_H
#define MSHV_KERNEL_H

#include "base/err.h"
#include "model.h"

/*
 * All that the tool asks of the driver that serves a node. Functions return 0, or a negative errno
 * with what was tried and why it failed in @err.
 */

/* Finds out which interface the node has. Changes nothing. */
int kernel_interface(const char *node, enum interface *interface, struct err *err);

/*
 * Requests this version on an open file of its own, and closes that. The node must have
 * INTERFACE_VERSION or INTERFACE_UNKNOWN.
 */
int kernel_request_version(const char *node, uint32_t version, struct err *err);

/*
 * Asks for an extension. The node must have INTERFACE_VTL or INTERFACE_EARLY.
 * @answer: set to the kernel's answer, 0 if it does not have the extension.
 */
int kernel_check_extension(const char *node, uint32_t id, uint32_t *answer, struct err *err);

#endif
