/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_NODE_H
#define VDPA_NODE_H

#include "base/caller.h"
#include "base/num.h"

/*
 * The node /dev/vhost-vdpa-N of a device bound to vhost_vdpa. A new node belongs to root alone, and
 * its number says nothing about the device. Its owner and mode can therefore be set, and the link
 * /dev/vdpa/NAME leads to it.
 */

/* Owner and mode of a node; only the members that are set count. */
struct node_rights {
	struct opt_u32 owner, group; /* numeric user and group */
	struct opt_u32 mode;	     /* permission bits */
};

#define NODE_PATH_SIZE 80

/* Finds the node of the device @dev. Returns 1, 0 if it has none, or a negative errno. */
int node_find(const char *dev, char path[static NODE_PATH_SIZE]);

/*
 * Reads the owner and mode of the node of @dev. Returns 1, 0 if it has none, or a negative errno.
 */
int node_rights_read(const char *dev, struct node_rights *rights);

/*
 * Return whether a member that is set in @wanted differs from @is, and whether any member is set.
 */
bool node_rights_differ(const struct node_rights *wanted, const struct node_rights *is);
bool node_rights_given(const struct node_rights *rights);

/*
 * Gives the node of @dev the owner and mode that are set in @rights. Returns 0, or a negative errno
 * with @err filled; -ENOENT: it has no node.
 */
int node_rights_set(const char *dev, const struct node_rights *rights, struct err *err);

/*
 * Makes the link /dev/vdpa/@dev lead to the node of @dev, or deletes the link if there is no node.
 * Returns 0, or a negative errno with @err filled.
 */
int node_link(const char *dev, struct err *err);

/*
 * The same after the real work is done: a failure is only a warning. Without the right to change
 * /dev it says nothing, because udev's rule creates the link there.
 */
void node_link_or_warn(const char *dev, struct caller *caller);

#endif
