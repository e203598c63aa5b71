/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_NODE_H
#define VDPA_NODE_H

#include "base/caller.h"
#include "base/num.h"

/*
 * The node /dev/vhost-vdpa-N of a device that vhost_vdpa drives. It belongs to root alone when the
 * driver makes it, and its number tells nothing about the device: so its owner and mode can be set,
 * and the link /dev/vdpa/NAME leads to it.
 */

/* What belongs to a node; only what is set counts. */
struct node_rights {
	struct opt_u32 owner, group; /* numbers of a user and of a group */
	struct opt_u32 mode;	     /* permission bits */
};

#define NODE_PATH_SIZE 80

/* Finds the node of the device @dev. Returns 1, 0 where it has none, or a negative errno. */
int node_find(const char *dev, char path[static NODE_PATH_SIZE]);

/* Reads all rights of the node of @dev. Returns 1, 0 where it has none, or a negative errno. */
int node_rights_read(const char *dev, struct node_rights *rights);

/* Whether anything is set in @wanted that differs from @is, or that is set at all. */
bool node_rights_differ(const struct node_rights *wanted, const struct node_rights *is);
bool node_rights_given(const struct node_rights *rights);

/*
 * Gives the node of @dev what is set in @rights. Returns 0, or a negative errno with @err filled;
 * -ENOENT: it has no node.
 */
int node_rights_set(const char *dev, const struct node_rights *rights, struct err *err);

/*
 * Makes the link /dev/vdpa/@dev lead to its node, or removes it where there is no node any more.
 * Returns 0, or a negative errno with @err filled.
 */
int node_link(const char *dev, struct err *err);

/*
 * The same for what has done its work already: a link that cannot be made is a warning. Without the
 * right to change /dev nothing is said, since there the rule of udev makes the link.
 */
void node_link_or_warn(const char *dev, struct caller *caller);

#endif
