/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_DEV_ADD_H
#define VDUSE_DEV_ADD_H

#include "commands.h"

struct add_args {
	const char *name;
	struct opt_device_type type;
	struct opt_u32 vendor_id;
	struct opt_features features;
	struct opt_u16 vqs, vq_size;
	struct opt_u32 vq_align;
	struct opt_u16 groups, as, api_version;
	struct opt_vduse_features vduse_features;
	struct opt_config config;
	struct opt_mac mac;
	struct opt_u16 mtu;
	struct opt_u64 capacity;
	struct opt_u32 msg_timeout;
	struct opt_u64 bounce_size;
	bool attach;
	struct opt_driver driver;
};

/* Handler of "dev add". */
int dev_add(void *app, const void *args, struct err *err);

#endif
