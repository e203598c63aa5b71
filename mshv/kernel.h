/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MSHV_KERNEL_H
#define MSHV_KERNEL_H

#include "base/err.h"
#include "model.h"

/*
 * The driver behind a node. All return 0, or a negative errno with what was tried and why it failed
 * in @err.
 */

/* Finds out which interface the node has, without changing anything. */
int kernel_interface(const char *node, enum interface *interface, struct err *err);

/*
 * Has a file that is opened for it speak this version, and closes it. The node has
 * INTERFACE_VERSION, or one that is unknown.
 */
int kernel_request_version(const char *node, uint32_t version, struct err *err);

/*
 * Asks for an extension. The node has INTERFACE_VTL.
 * @answer: set to what the kernel said, 0 where it does not have the extension.
 */
int kernel_check_extension(const char *node, uint32_t id, uint32_t *answer, struct err *err);

#endif
