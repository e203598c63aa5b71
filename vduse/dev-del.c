/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dev-del.h"

#include "dev-attach.h"
#include "explain.h"
#include "kernel.h"

#include <errno.h>

/* A program that serves it has its node open, and the kernel does not delete it then. */
static int check_served(const struct dev *dev, struct err *err)
{
	if (dev->state != STATE_SERVED)
		return 0;
	err_set(err, EBUSY, "delete '%.300s': process %u (%s) serves it", dev->name, dev->pid,
		dev->command);
	if (dev->attached)
		err_hint(err, "take it off the vdpa bus while it is served: vdpa dev del NAME; "
			      "then end that process");
	else
		err_hint(err, "end that process first");
	return -EBUSY;
}

static int check_attached(const struct dev *dev, struct err *err)
{
	const bool bound = dev->present & BIT64(DEV_HAS_DRIVER);

	err_set(err, EBUSY, "delete '%.300s': it is attached to the vdpa bus%s%s", dev->name,
		bound ? ", driven by " : "", bound ? dev->driver : "");
	err_hint(err, "'vduse dev del NAME detach' takes it off first");
	return -EBUSY;
}

static int del_one(struct app *app, const struct dev *dev, const char *name, bool detached,
		   struct err *err)
{
	int ret;

	if (!dev)
		return explain_no_dev(err, "delete", name);
	ret = check_served(dev, err);
	if (!ret && dev->attached)
		ret = detached ? detach(app, dev, err) : check_attached(dev, err);
	return ret ? ret : kernel_destroy(name, err);
}

/* A name with a slash is another in the list, where it has a '!'. */
static const struct dev *find(const struct list *devs, const char *name, size_t *next)
{
	const struct dev *dev = *next < devs->count ? devs->items[*next] : NULL;

	if (!dev || strlen(dev->name) != strlen(name))
		return NULL;
	for (size_t i = 0; name[i]; i++)
		if (dev->name[i] != (name[i] == '/' ? '!' : name[i]))
			return NULL;
	(*next)++;
	return dev;
}

int dev_del(void *data, const void *args, struct err *err)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	const struct del_args *del = args;
	const struct cli_words *names = &del->dev;
	struct app *app = data;
	size_t next = 0;
	int ret = kernel_devs_named(names->words, names->count, false, &devs, err);

	for (size_t i = 0; !ret && i < names->count; i++) {
		const struct dev *dev = find(&devs, names->words[i], &next);

		if (del_one(app, dev, names->words[i], del->detach, err))
			tool_report(app, err);
	}
	return ret;
}
