/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_DEV_ADD_H
#define VDPA_DEV_ADD_H

#include "commands.h"

struct add_args {
	struct cli_new_name name;
	struct opt_handle mgmtdev;
	struct opt_device_type type;
	struct opt_mac mac;
	struct opt_u16 mtu, max_vqp;
	struct feature_words device_features;
};

/* Handler of "dev add". */
int dev_add(void *app, const void *args, struct err *err);

#endif
