/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIRTIO_ARGS_H
#define VIRTIO_ARGS_H

#include "cli/cli.h"

/* Types of arguments for struct opt_device_type and struct opt_features. */
extern const struct cli_type virtio_type_arg, virtio_features_arg;

#endif
