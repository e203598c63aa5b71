/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIEW_VIRTIO_H
#define VIEW_VIRTIO_H

#include "out/out.h"

/* Write a struct feature_set and a struct device_type. */
extern const struct out_type out_type_features, out_type_device_type;

/* Writes a byte of a configuration space as a bool: only zero is false. */
extern const struct out_type out_type_byte_flag;

#endif
