/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has a node open, as far as processes and the module's count of its users show. */
#include "abi/vduse.h"
#include "holders.h"
#include "kernel.h"
#include "sysfs.h"

#include <errno.h>
#include <sys/sysmacros.h>

/*
 * Counts the open files of VDUSE among those that were found. A device's node has one opener, whose
 * children may have inherited its file; each process opens the control node for itself.
 */
static size_t count_found(const struct list *holders, dev_t control)
{
	size_t count = 0;

	for (size_t i = 0, j; i < holders->count; i++) {
		const struct holder *one = holders->items[i];

		for (j = 0; j < i; j++) {
			const struct holder *other = holders->items[j];

			if (other->device == one->device &&
			    (one->device != control || other->pid == one->pid))
				break;
		}
		count += j == i;
	}
	return count;
}

struct named {
	const char *name;
};

static int add_name(void *data, const char *name)
{
	size_t size = strlen(name) + 1;
	struct named *named = list_new(data, sizeof(*named) + size);

	if (!named)
		return -ENOMEM;
	named->name = memcpy(named + 1, name, size);
	return 0;
}

static int add_dev_name(void *data, const char *name)
{
	return kernel_may_be_dev(name) ? add_name(data, name) : 0;
}

/* Counts the devices, and those of them that are attached: the names that the bus has as well. */
static int count_devs(size_t *devs, size_t *attached)
{
	_cleanup_(list_clear) struct list names = { 0 };
	size_t all;
	int ret = sysfs_each(VDUSE_CLASS, add_dev_name, &names);

	*devs = names.count;
	if (!ret)
		ret = sysfs_each("/sys/bus/vdpa/devices", add_name, &names);
	all = names.count;
	if (!ret)
		ret = list_unique(&names, offsetof(struct named, name));
	*attached = all - names.count;
	return ret;
}

/*
 * Whether somebody may have a node open whom no search finds, see holders.h. A device holds the
 * module once, an open file twice, and each address space that a device got when it was attached
 * once. A device that has several of those, or was detached, leaves a doubt.
 */
static bool may_hide_opener(const struct list *found, dev_t control)
{
	uint64_t references;
	size_t devs, attached;
	char text[32];

	if (sysfs_read("/sys/module/vduse/refcnt", text, sizeof(text)) <= 0 ||
	    num_parse(text, 0, UINT64_MAX, &references))
		return false;
	return count_devs(&devs, &attached) ||
	       references >= devs + attached + 2 * (count_found(found, control) + 1);
}

int kernel_holders(dev_t control, struct list *holders, bool *complete)
{
	bool doubt = true;

	/* Commands that begin or end beside us leave a doubt, too, but seldom twice. */
	for (int tries = 0; doubt && tries < 2; tries++) {
		list_clear(holders);
		if (holders_collect(major(control), holders, complete))
			return -ENOMEM;
		doubt = *complete && may_hide_opener(holders, control);
	}
	*complete &= !doubt;
	return 0;
}
