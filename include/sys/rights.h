/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RIGHTS_H
#define RIGHTS_H

#include "base/err.h"

/*
 * What the caller may do, and hints about missing rights. Each hint is true on this host and for
 * this caller.
 */

/* Returns whether the caller has @capability, such as CAP_NET_ADMIN, in its user namespace. */
bool rights_have(unsigned int capability);

/*
 * Returns whether the caller's user namespace is the initial one. If /proc does not tell, it is
 * taken for the initial one.
 */
bool rights_in_initial_user_namespace(void);

/*
 * Sets the hint after the kernel refused a netlink request with EPERM. @tool: its name, for a
 * command.
 */
void rights_hint_net_admin(struct err *err, const char *tool);

/* Sets the hint after a file below /sys could not be written with the errno @code. */
void rights_hint_sysfs(struct err *err, const char *tool, int code);

/* Sets the hint after the device node @path could not be opened with EACCES or EPERM. */
void rights_hint_node(struct err *err, const char *tool, const char *path);

/*
 * Sets the hint to how to enter the initial network namespace, the only one in which vDPA answers.
 */
void rights_hint_network(struct err *err, const char *tool);

#endif
