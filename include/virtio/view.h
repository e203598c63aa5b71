/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIEW_VIRTIO_H
#define VIEW_VIRTIO_H

#include "out/out.h"

/* How a struct feature_set and a struct device_type are written. */
extern const struct out_type out_type_features, out_type_device_type;

/* A byte of a configuration space, of which only counts whether it is zero. */
extern const struct out_type out_type_byte_flag;

#endif
