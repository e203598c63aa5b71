/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vduse dev": their rows, and the short handlers. */
#include "abi/vduse.h"
#include "base/list.h"
#include "commands.h"
#include "tool/tool-words.h"
#include "vduse/kernel/kernel.h"
#include "vduse/ops/dev-add.h"
#include "vduse/ops/dev-attach.h"
#include "vduse/ops/dev-del.h"
#include "vduse/ops/dev-set.h"
#include "vduse/ops/dev-wait.h"
#include "vduse/view.h"

/* show */

struct show_args {
	const char *name;
};

static int show(void *data, const void *args, struct err *err)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	const struct show_args *show = args;
	struct app *app = data;
	int ret = show->name ? kernel_dev(show->name, app->out.details, &devs, err)
			     : kernel_devs(app->out.details, &devs, err);

	if (ret)
		return ret;
	attach_fill_types(&app->caller, &devs);
	return tool_out_list(app, "dev", &devs, TOOL_ROWS(struct dev, dev_fields), err);
}

static const struct cli_arg show_arguments[] = {
	CLI_ARG(struct show_args, name, "DEV", "device to show; all by default",
		.flags = CLI_POSITIONAL | CLI_NAMED, .words = complete_devs),
	{ 0 },
};

/* del */

struct del_args {
	struct cli_words name;
	bool detach;
};

static int del(void *app, const void *args, struct err *err)
{
	const struct del_args *del = args;
	const struct cli_words *names = &del->name;
	struct vduse *vduse = app;

	for (size_t i = 0; i < names->count; i++)
		if (dev_del(&vduse->session, names->words[i], del->detach, err))
			tool_report(&vduse->app, err);
	return 0;
}

static const struct cli_arg del_arguments[] = {
	CLI_ARG(struct del_args, name, "DEV", "device to delete; also: name DEV",
		.flags = CLI_POSITIONAL | CLI_NAMED | CLI_REQUIRED | CLI_MANY,
		.words = complete_devs),
	CLI_ARG(struct del_args, detach, NULL, "detach it from the vdpa bus first"),
	{ 0 },
};

/* set */

struct set_args {
	const char *name;
	struct opt_u32 msg_timeout;
	struct opt_u64 bounce_size;
	struct affinity irq_cb_affinity;
};

static int set(void *data, const void *args, struct err *err)
{
	const struct set_args *set = args;
	const struct affinity *affinity = &set->irq_cb_affinity;
	const struct dev_new dev = { .name = set->name,
				     .msg_timeout = set->msg_timeout,
				     .bounce_size = set->bounce_size };
	struct app *app = data;

	return affinity->words
		       ? kernel_set_affinity(set->name, affinity->queue, &affinity->cpus, err)
		       : dev_set(&app->caller, &dev, err);
}

#define MSG_TIMEOUT_HELP "seconds that the kernel waits for an answer of the program; 0: no limit"
#define BOUNCE_SIZE_HELP "size of the buffer for data in bytes, 1 MiB to 1 GiB"

static const struct cli_arg set_arguments[] = {
	CLI_ARG(struct set_args, name, "DEV", "device to change; also: name DEV",
		.flags = CLI_POSITIONAL | CLI_NAMED | CLI_REQUIRED, .words = complete_devs),
	/* One at a time, so that a failure has changed nothing. */
	CLI_ARG(struct set_args, msg_timeout, "SECONDS", MSG_TIMEOUT_HELP, .flags = CLI_CHOICE),
	CLI_ARG(struct set_args, bounce_size, "BYTES", BOUNCE_SIZE_HELP, .min = VDUSE_BOUNCE_MIN,
		.max = VDUSE_BOUNCE_MAX, .flags = CLI_CHOICE),
	CLI_ARG_OF(struct set_args, irq_cb_affinity, struct affinity, &affinity_type, "vq N CPUS",
		   "CPUs that get the interrupts of queue N, as in 0-3,8 or 0x10f",
		   .flags = CLI_CHOICE),
	{ 0 },
};

/* wait */

static int await(void *data, const void *args, struct err *err)
{
	struct app *app = data;

	return dev_wait(&app->caller, args, err);
}

static const struct cli_arg wait_arguments[] = {
	CLI_ARG(struct wait_args, name, "DEV",
		"device to wait for, which need not exist yet; also: name DEV",
		.flags = CLI_POSITIONAL | CLI_NAMED | CLI_REQUIRED, .words = complete_devs),
	CLI_ARG(struct wait_args, served, NULL, "until a program serves it", .flags = CLI_EITHER),
	CLI_ARG(struct wait_args, attached, NULL, "until it is on the vdpa bus",
		.flags = CLI_EITHER),
	CLI_ARG(struct wait_args, gone, NULL, "until it is gone", .flags = CLI_EITHER),
	CLI_ARG(struct wait_args, timeout, "SECONDS",
		"wait at most this long, 0 to check once; no limit by default"),
	{ 0 },
};

/* add */

static int add(void *app, const void *args, struct err *err)
{
	struct vduse *vduse = app;

	return dev_add(&vduse->session, args, err);
}

static const struct cli_arg add_arguments[] = {
	CLI_ARG_OF(struct dev_new, name, const char *, &cli_type_new_name, "NAME",
		   "name of the new device, up to 255 bytes", .flags = CLI_REQUIRED),
	CLI_ARG_OF(struct dev_new, type, struct opt_device_type, &virtio_type_arg, "TYPE",
		   "its virtio type: net, block or fs", .flags = CLI_REQUIRED,
		   .words = complete_types),
	CLI_ARG(struct dev_new, vendor_id, "N", "vendor that drivers see, 0 by default"),
	CLI_ARG_OF(struct dev_new, features, struct opt_features, &virtio_features_arg, "FEATURES",
		   "features to offer: names joined by commas, or a mask as in 0x300000000",
		   .words = tool_words_features),
	CLI_ARG(struct dev_new, vqs, "N",
		"number of virtqueues; by default 1 for block, 2 for others"),
	CLI_ARG(struct dev_new, vq_size, "N", "entries of each virtqueue, 256 by default", .min = 1,
		.max = 32768),
	CLI_ARG(struct dev_new, vq_align, "N", "alignment of rings in bytes, a page by default"),
	CLI_ARG(struct dev_new, groups, "N",
		"groups of virtqueues, which are assigned in turn (API version 1)", .min = 1),
	CLI_ARG(struct dev_new, as, "N", "address spaces (API version 1)", .min = 1),
	CLI_ARG(struct dev_new, api_version, "N",
		"version of the interface; by default the newest of kernel and tool",
		.max = API_VERSION_TOOL),
	CLI_ARG_OF(struct dev_new, vduse_features, struct vduse_features, &vduse_features_type,
		   "FEATURES", "features of VDUSE itself: QUEUE_READY, SUSPEND or a mask"),
	CLI_ARG_OF(struct dev_new, config, struct config_space, &config_type, "FILE",
		   "configuration space: a file, or hex:BYTES", .flags = CLI_FILE),
	CLI_ARG(struct dev_new, mac, "MAC", "for net: MAC address, as in 02:00:00:00:00:01"),
	CLI_ARG(struct dev_new, mtu, "MTU", "for net: MTU in bytes, 68 to 65535", .min = 68),
	CLI_ARG(struct dev_new, capacity, "SECTORS", "for block: capacity in sectors of 512 bytes"),
	CLI_ARG(struct dev_new, msg_timeout, "SECONDS", MSG_TIMEOUT_HELP),
	CLI_ARG(struct dev_new, bounce_size, "BYTES", BOUNCE_SIZE_HELP, .min = VDUSE_BOUNCE_MIN,
		.max = VDUSE_BOUNCE_MAX),
	CLI_ARG(struct dev_new, attach, NULL, "attach it to the vdpa bus as well"),
	CLI_ARG_OF(struct dev_new, driver, struct opt_driver, &driver_type, "DRIVER",
		   "with attach: vhost_vdpa, virtio_vdpa or none; by default the bus chooses"),
	{ 0 },
};

const struct cli_cmd dev_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows VDUSE devices, who serves them, and whether they are attached to "
			"the vdpa bus. Opens none.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples =
			(const char *const[]){ "vduse dev show", "vduse -jp dev show foo", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = show,
	},
	{
		.name = "add",
		.help = "Creates a VDUSE device and sets up its queues.",
		.args = add_arguments,
		.size = sizeof(struct dev_new),
		.examples =
			(const char *const[]){
				"vduse dev add name foo type block capacity 2048 attach",
				"vduse dev add name foo type net mac 02:00:00:00:00:01 mtu 9000",
				"vduse dev add name foo type block vqs 4 vduse_features SUSPEND",
				NULL },
		.flags = CLI_FIRST,
		.run = add,
	},
	{
		.name = "del",
		.aliases = (const char *const[]){ "delete", NULL },
		.help = "Deletes VDUSE devices that nobody serves. All are tried; the first "
			"failure gives the status.",
		.args = del_arguments,
		.size = sizeof(struct del_args),
		.examples = (const char *const[]){ "vduse dev del foo bar",
						   "vduse dev del foo detach", NULL },
		.flags = CLI_FIRST | CLI_WHOLE_ALIAS,
		.run = del,
	},
	{
		.name = "set",
		.help = "Changes a VDUSE device, and reads the result back.",
		.args = set_arguments,
		.size = sizeof(struct set_args),
		.examples =
			(const char *const[]){ "vduse dev set foo msg_timeout 10",
					       "vduse dev set foo irq_cb_affinity vq 0 0-3", NULL },
		.run = set,
	},
	{
		.name = "wait",
		.help = "Waits until a VDUSE device exists, is served, is attached, or is gone.",
		.args = wait_arguments,
		.size = sizeof(struct wait_args),
		.examples = (const char *const[]){ "vduse dev wait foo",
						   "vduse dev wait foo served timeout 10",
						   "vduse dev wait foo gone", NULL },
		.run = await,
	},
	{
		.name = "features",
		.help = "The virtio features that the driver has negotiated.",
		.sub = dev_features_commands,
	},
	{
		.name = "vq",
		.help = "The virtqueues of a device.",
		.sub = vq_commands,
	},
	{
		.name = "iotlb",
		.help = "The mappings of the driver's memory.",
		.sub = iotlb_commands,
	},
	{ 0 },
};
