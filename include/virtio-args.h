/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIRTIO_ARGS_H
#define VIRTIO_ARGS_H

#include "cli.h"

/* Types of arguments that speak of virtio. */
struct opt_device_type {
	bool set;
	uint32_t id;
};

/* Features as the user wrote them: which bits they mean depends on the device's type. */
struct feature_words {
	const char *words;
};

extern const struct cli_type device_type_type, feature_words_type;

/* Completion of features: those of the type that the line names, or of net. */
void complete_features(void *app, FILE *out);

#endif
