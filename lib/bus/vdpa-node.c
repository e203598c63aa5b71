/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets owner and mode of vhost_vdpa's nodes, and maintains the links /dev/vdpa/NAME. */
#include "bus/vdpa-node.h"

#include "abi/vdpa.h"
#include "sys/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define PREFIX	    "vhost-vdpa-"
#define LINKS	    "/dev/vdpa"
#define PERMISSIONS 07777

/* Size of a buffer for the path of a link whose name has 255 bytes. */
#define LINK_SIZE 300

/* Size of a buffer for the name of a node. */
#define NAME_SIZE 64

int node_find(const char *dev, char path[static NODE_PATH_SIZE])
{
	char directory[LINK_SIZE + sizeof(VDPA_BUS "/devices/")], name[NAME_SIZE];
	int ret;

	snprintf(directory, sizeof(directory), VDPA_BUS "/devices/%.255s", dev);
	ret = sysfs_find(directory, PREFIX, name, sizeof(name));
	if (ret > 0)
		snprintf(path, NODE_PATH_SIZE, "/dev/%s", name);
	return ret;
}

int node_rights_read(const char *dev, struct node_rights *rights)
{
	char path[NODE_PATH_SIZE];
	struct stat status;
	int ret = node_find(dev, path);

	if (ret <= 0)
		return ret;
	if (stat(path, &status))
		return errno == ENOENT ? 0 : -errno;
	rights->owner = (struct opt_u32){ .set = true, .value = status.st_uid };
	rights->group = (struct opt_u32){ .set = true, .value = status.st_gid };
	rights->mode = (struct opt_u32){ .set = true, .value = status.st_mode & PERMISSIONS };
	return 1;
}

static bool differs(const struct opt_u32 *wanted, const struct opt_u32 *is)
{
	return wanted->set && (!is->set || wanted->value != is->value);
}

bool node_rights_differ(const struct node_rights *wanted, const struct node_rights *is)
{
	return differs(&wanted->owner, &is->owner) || differs(&wanted->group, &is->group) ||
	       differs(&wanted->mode, &is->mode);
}

bool node_rights_given(const struct node_rights *rights)
{
	return rights->owner.set || rights->group.set || rights->mode.set;
}

static int failed(const char *path, struct err *err)
{
	const int code = errno;

	err_set(err, code, "%s: %s", path, err_words(code));
	if (code == EROFS)
		err_hint(err, "mount -o remount,rw /dev");
	return -code;
}

int node_rights_set(const char *dev, const struct node_rights *rights, struct err *err)
{
	char path[NODE_PATH_SIZE];
	int ret = node_find(dev, path);

	if (ret < 0)
		return sysfs_failed(err, ret, VDPA_BUS "/devices");
	if (!ret)
		return err_set_status(err, STATUS_FAILED, ENOENT,
				      "it has no node: only vhost_vdpa creates one");
	/* Set the owner first: with the new mode, the old owner could open the node. */
	if ((rights->owner.set || rights->group.set) &&
	    chown(path, rights->owner.set ? rights->owner.value : (uid_t)-1,
		  rights->group.set ? rights->group.value : (gid_t)-1))
		return failed(path, err);
	if (rights->mode.set && chmod(path, rights->mode.value))
		return failed(path, err);
	return 0;
}

/*
 * Returns 1 if @link leads to a node, 0 if it does not exist, -EEXIST for any other file, or
 * another negative errno.
 */
static int read_link(const char *link, char target[static NODE_PATH_SIZE])
{
	ssize_t length = readlink(link, target, NODE_PATH_SIZE - 1);

	if (length < 0 && errno == EINVAL)
		return -EEXIST;
	if (length < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	target[length] = '\0';
	return str_starts(target, "../" PREFIX) ? 1 : -EEXIST;
}

static int remove_link(const char *link, struct err *err)
{
	char target[NODE_PATH_SIZE];
	int ret = read_link(link, target);

	if (!ret || ret == -EEXIST)
		return 0;
	if (ret > 0 && (!unlink(link) || errno == ENOENT))
		return 0;
	return failed(link, err);
}

/* Replaces the link in one step, so that it is never missing and never leads to another node. */
static int replace_link(const char *link, const char *target, struct err *err)
{
	char new[sizeof("/dev/..") + NODE_PATH_SIZE + 10];

	/* Another process may be doing the same, so use a name of our own. */
	snprintf(new, sizeof(new), "/dev/.%s.%d", target + strlen("../"), (int)getpid());
	if (mkdir(LINKS, 0755) && errno != EEXIST)
		return failed(LINKS, err);
	unlink(new);
	if (symlink(target, new))
		return failed(link, err);
	if (!rename(new, link))
		return 0;
	failed(link, err);
	unlink(new);
	return -err->code;
}

/*
 * Finds the target of the link, which is empty if there is no node. A node that nobody created in
 * /dev does not count. Returns 0 or a negative errno: what cannot be read may be there.
 */
static int find_target(const char *dev, char target[static NODE_PATH_SIZE], struct err *err)
{
	char node[NODE_PATH_SIZE];
	int ret = node_find(dev, node);

	target[0] = '\0';
	if (ret < 0)
		return sysfs_failed(err, ret, "/sys/bus/vdpa/devices");
	if (!ret)
		return 0;
	if (access(node, F_OK))
		return errno == ENOENT || errno == ENOTDIR ? 0 : failed(node, err);
	snprintf(target, NODE_PATH_SIZE, "..%s", node + strlen("/dev"));
	return 0;
}

static int link_to(const char *dev, const char *target, struct err *err)
{
	char link[LINK_SIZE], is[NODE_PATH_SIZE];
	int ret;

	snprintf(link, sizeof(link), LINKS "/%.255s", dev);
	if (!*target)
		return remove_link(link, err);
	ret = read_link(link, is);
	if (ret > 0 && str_equal(is, target))
		return 0;
	if (ret == -EEXIST)
		return err_set(err, EEXIST, "%s: it exists and is not a link to a node", link);
	if (ret < 0)
		return failed(link, err);
	return replace_link(link, target, err);
}

/*
 * Several processes may do this at once. Whoever is last looks again afterwards, so the link is
 * right in the end.
 */
int node_link(const char *dev, struct err *err)
{
	char target[NODE_PATH_SIZE], now[NODE_PATH_SIZE];
	int ret = find_target(dev, now, err);

	while (!ret) {
		memcpy(target, now, sizeof(target));
		ret = link_to(dev, target, err);
		if (!ret)
			ret = find_target(dev, now, err);
		if (!ret && str_equal(target, now))
			break;
	}
	return ret;
}

void node_link_or_warn(const char *dev, struct caller *caller)
{
	struct err err;

	if (node_link(dev, &err) && err.code != EACCES && err.code != EPERM)
		caller_warn(caller, "link to the node of '%.300s': %s", dev, err.text);
}
