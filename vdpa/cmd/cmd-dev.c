/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "vdpa dev": their rows in the command table, and the short handlers. */
#include "abi/vdpa.h"
#include "bus/vdpa-bus.h"
#include "commands.h"
#include "dev-find.h"
#include "dev-show.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/ops/dev-add.h"
#include "vdpa/ops/dev-del.h"
#include "vdpa/ops/dev-set.h"
#include "vdpa/ops/dev-wait.h"
#include "vdpa/view.h"

/* show */

static const struct cli_arg show_arguments[] = {
	CLI_ARG(struct show_args, name, "DEV",
		"device, all by default; also: name DEV, if it is called like a keyword",
		.flags = CLI_POSITIONAL | CLI_NAMED, .words = complete_devs),
	CLI_ARG_OF(struct show_args, mgmtdev, struct opt_handle, &handle_type, "MGMTDEV",
		   "only devices of this management device", .words = complete_mgmtdevs),
	CLI_ARG_OF(struct show_args, type, struct opt_device_type, &virtio_type_arg, "TYPE",
		   "only devices of this virtio type: net, block, ... or a number"),
	CLI_ARG_OF(struct show_args, driver, struct opt_driver, &driver_type, "DRIVER",
		   "only devices bound to this driver: vhost_vdpa, virtio_vdpa or none"),
	{ 0 },
};

/* find */

static const struct cli_arg find_arguments[] = {
	CLI_ARG(struct find_args, what, "WHAT",
		"/dev/vhost-vdpa-N, a network interface, a disk or a PCI address",
		.flags = CLI_POSITIONAL | CLI_REQUIRED | CLI_FILE, .words = complete_endpoints),
	{ 0 },
};

/* del */

static int del(void *app, const void *args, struct err *err)
{
	const struct del_args *del = args;
	struct vdpa *vdpa = app;

	for (size_t i = 0; i < del->name.count; i++)
		if (dev_del(&vdpa->session, del->name.words[i], err))
			tool_report(&vdpa->app, err);
	return 0;
}

static const struct cli_arg del_arguments[] = {
	CLI_ARG(struct del_args, name, "DEV", "device to delete; also: name DEV",
		.flags = CLI_POSITIONAL | CLI_NAMED | CLI_REQUIRED | CLI_MANY,
		.words = complete_devs),
	{ 0 },
};

/* set */

static int set(void *app, const void *args, struct err *err)
{
	struct vdpa *vdpa = app;

	return dev_set(&vdpa->session, args, err);
}

static const struct cli_arg set_arguments[] = {
	CLI_ARG(struct set_args, name, "DEV", "device to change; also: name DEV",
		.flags = CLI_POSITIONAL | CLI_NAMED | CLI_REQUIRED, .words = complete_devs),
	CLI_ARG(struct set_args, mac, "MAC", "MAC address, as in 02:00:00:00:00:01",
		.flags = CLI_CHOICE),
	CLI_ARG_OF(struct set_args, driver, struct opt_driver, &driver_type, "DRIVER",
		   "driver to bind it to: vhost_vdpa, virtio_vdpa or none", .flags = CLI_CHOICE),
	{ 0 },
};

/* wait */

static int await(void *app _unused_, const void *args, struct err *err)
{
	return dev_wait(args, err);
}

static const struct cli_arg wait_arguments[] = {
	CLI_ARG_OF(struct wait_args, name, const char *, &cli_type_dev_name, "DEV",
		   "device to wait for, which need not exist yet; also: name DEV",
		   .flags = CLI_POSITIONAL | CLI_NAMED | CLI_REQUIRED, .words = complete_devs),
	CLI_ARG_OF(struct wait_args, driver, struct opt_driver, &driver_type, "DRIVER",
		   "wait until it is bound to this driver and its node, interface or disk exists; "
		   "none: until it has no driver",
		   .flags = CLI_EITHER),
	CLI_ARG(struct wait_args, gone, NULL, "wait until it is gone", .flags = CLI_EITHER),
	CLI_ARG(struct wait_args, timeout, "SECONDS",
		"wait at most this long, 0 to check once; no limit by default"),
	{ 0 },
};

/* add */

static int add(void *app, const void *args, struct err *err)
{
	const struct dev_new *dev = args;
	struct dev_added added;
	struct vdpa *vdpa = app;
	struct out out;
	int ret = dev_add(&vdpa->session, dev, &added, err);

	/* Scripts take text for a message, and iproute2 prints none on success. */
	if (ret || !vdpa->app.out.json)
		return ret;
	tool_out(&vdpa->app, &out, "dev", OUT_NAMED);
	out_row(&out, dev->name, dev_added_fields, &added, BIT64(HAS_ALWAYS));
	return out_close(&out, err);
}

static const struct cli_arg add_arguments[] = {
	CLI_ARG_OF(struct dev_new, name, const char *, &cli_type_new_name, "NAME",
		   "name of the new device, up to 255 bytes", .flags = CLI_REQUIRED),
	CLI_ARG_OF(struct dev_new, mgmtdev, struct opt_handle, &handle_type, "MGMTDEV",
		   "management device that creates it, BUS/NAME or NAME", .flags = CLI_REQUIRED,
		   .words = complete_mgmtdevs),
	CLI_ARG_OF(struct dev_new, type, struct opt_device_type, &virtio_type_arg, "TYPE",
		   "virtio type that the management device must support: net, block, ...",
		   .words = complete_mgmtdev_types),
	CLI_ARG(struct dev_new, mac, "MAC", "MAC address, as in 02:00:00:00:00:01"),
	CLI_ARG(struct dev_new, mtu, "MTU", "MTU in bytes, 68 to 65535", .min = VDPA_MTU_MIN),
	CLI_ARG_OF(struct dev_new, max_vqp, struct opt_pairs, &pairs_type, "N",
		   "number of virtqueue pairs, 1 to 65535, or max: as many as possible"),
	CLI_ARG_OF(struct dev_new, device_features, struct opt_features, &virtio_features_arg,
		   "FEATURES", "features to offer: names joined by commas, or a mask as in 0x1020",
		   .words = complete_mgmtdev_features),
	CLI_ARG_OF(struct dev_new, driver, struct opt_driver, &driver_type, "DRIVER",
		   "driver to bind it to: vhost_vdpa, virtio_vdpa or none"),
	CLI_ARG_OF(struct dev_new, owner, struct opt_u32, &owner_type, "USER",
		   "owner of its /dev/vhost-vdpa-N: a name in /etc/passwd, or a number"),
	CLI_ARG_OF(struct dev_new, group, struct opt_u32, &group_type, "GROUP",
		   "group of its /dev/vhost-vdpa-N: a name in /etc/group, or a number"),
	CLI_ARG_OF(struct dev_new, mode, struct opt_u32, &mode_type, "OCTAL",
		   "mode of its /dev/vhost-vdpa-N, as in 0660"),
	CLI_ARG(struct dev_new, wait, "SECONDS",
		"wait at most this long for its node, interface or disk"),
	CLI_ARG(struct dev_new, ensure, NULL, "succeed if a matching device exists already"),
	{ 0 },
};

const struct cli_cmd dev_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows vDPA devices: type, management device, queues.",
		.args = show_arguments,
		.size = sizeof(struct show_args),
		.examples =
			(const char *const[]){ "vdpa dev show", "vdpa -jp dev show foo",
					       "vdpa dev show mgmtdev vdpasim_net type net", NULL },
		.flags = CLI_FIRST | CLI_DEFAULT,
		.run = dev_show,
	},
	{
		.name = "add",
		.help = "Creates a vDPA device on a management device.",
		.args = add_arguments,
		.size = sizeof(struct dev_new),
		.examples =
			(const char *const[]){
				"vdpa dev add name foo mgmtdev vdpasim_net mac "
				"02:00:00:00:00:01 mtu 9000",
				"vdpa dev add name foo mgmtdev vdpasim_net device_features "
				"MAC,MTU,VERSION_1,ACCESS_PLATFORM",
				"vdpa dev add name foo mgmtdev vdpasim_net driver vhost_vdpa "
				"wait 5 ensure",
				NULL },
		.flags = CLI_FIRST,
		.run = add,
	},
	{
		.name = "del",
		.aliases = (const char *const[]){ "delete", NULL },
		.help = "Deletes vDPA devices. After a failure, the others are still tried.",
		.args = del_arguments,
		.size = sizeof(struct del_args),
		.examples = (const char *const[]){ "vdpa dev del foo bar", NULL },
		.flags = CLI_FIRST | CLI_WHOLE_ALIAS,
		.run = del,
	},
	{
		.name = "config",
		.help = "Configuration space of vDPA devices.",
		.sub = config_commands,
		.flags = CLI_FIRST,
	},
	{
		.name = "vstats",
		.help = "Statistics of one queue, in iproute2's form.",
		.sub = vstats_commands,
		.flags = CLI_FIRST,
	},
	{
		.name = "stats",
		.help = "Statistics of vDPA devices.",
		.sub = stats_commands,
	},
	{
		.name = "features",
		.help = "Features of vDPA devices.",
		.sub = features_commands,
	},
	{
		.name = "set",
		.help = "Changes the MAC address or the driver of a vDPA device.",
		.args = set_arguments,
		.size = sizeof(struct set_args),
		.examples = (const char *const[]){ "vdpa dev set foo mac 02:00:00:00:00:02",
						   "vdpa dev set foo driver vhost_vdpa", NULL },
		.flags = CLI_FIRST,
		.run = set,
	},
	{
		.name = "wait",
		.help = "Waits until a vDPA device exists, is ready for use, or is gone.",
		.args = wait_arguments,
		.size = sizeof(struct wait_args),
		.examples = (const char *const[]){ "vdpa dev wait foo",
						   "vdpa dev wait foo driver vhost_vdpa timeout 10",
						   "vdpa dev wait foo gone", NULL },
		.run = await,
	},
	{
		.name = "find",
		.help = "Finds the vDPA device of a node, an interface, a disk or a PCI function.",
		.args = find_arguments,
		.size = sizeof(struct find_args),
		.examples = (const char *const[]){ "vdpa dev find /dev/vhost-vdpa-0",
						   "vdpa -j dev find eth1", NULL },
		.run = dev_find,
	},
	{ 0 },
};
