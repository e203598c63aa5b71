/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ADD_H
#define VDPA_DEV_ADD_H

#include "commands.h"

/* What stands in the command line of "dev add". */
struct add_args {
	struct cli_new_name name;
	struct opt_handle mgmtdev;
	struct opt_device_type type;
	struct opt_mac mac;
	struct opt_u16 mtu, max_vqp;
	struct feature_words device_features;
	struct opt_driver driver;
	struct opt_u16 wait; /* seconds */
	bool ensure;
};

/* Handler of "dev add". */
int dev_add(void *app, const void *args, struct err *err);

#endif
