/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RIGHTS_H
#define RIGHTS_H

#include "base/err.h"

/* What the caller may do, and hints for what it may not: true on this host, for this caller. */

/* Whether the caller has @capability, a number such as CAP_NET_ADMIN, in its user namespace. */
bool rights_have(unsigned int capability);

/* Whether that is the initial user namespace. It is taken for it where /proc does not tell. */
bool rights_in_initial_user_namespace(void);

/* After the kernel refused a netlink request with EPERM. @tool: its name, for a command. */
void rights_hint_net_admin(struct err *err, const char *tool);

/* After a file below /sys could not be written: @code is the errno. */
void rights_hint_sysfs(struct err *err, const char *tool, int code);

/* After a device node @path could not be opened with EACCES or EPERM. */
void rights_hint_node(struct err *err, const char *tool, const char *path);

/*
 * How to get into the initial network namespace, where alone the kernel answers about vDPA.
 */
void rights_hint_network(struct err *err, const char *tool);

#endif
