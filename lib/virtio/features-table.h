/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FEATURES_TABLE_H
#define FEATURES_TABLE_H

#include "virtio/features.h"

/* A device type of the virtio specification. A list of them ends with a NULL name. */
struct virtio_type {
	uint32_t id;
	const char *name;
	const struct virtio_feature *features; /* ends with a NULL name; NULL if there are none */
};

extern const struct virtio_type virtio_types[];

/* Features of the transport and the rings, which all types share. Ends with a NULL name. */
extern const struct virtio_feature transport_features[];

#endif
