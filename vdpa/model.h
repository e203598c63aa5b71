/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_MODEL_H
#define VDPA_MODEL_H

#include "base.h"
#include "num.h"

/* Present in every row of output: what a model cannot do without. */
#define HAS_ALWAYS 0

/* A management device as the kernel wants it named: by bus and device, or without a bus. */
struct handle {
	const char *text; /* "BUS/NAME" or "NAME", as the user gave it */
	char bus[32];	  /* empty if there is none */
	const char *name; /* points into text */
};

/*
 * Reads "BUS/NAME" or "NAME"; a bare PCI address means bus pci.
 * Returns 0, or -EINVAL for more than one slash, an empty part or a bus too long.
 */
int handle_parse(const char *text, struct handle *handle);

/* Whether the kernel's "BUS/NAME" is what the user named. */
bool handle_matches(const struct handle *handle, const char *mgmtdev);

/* A mask of virtio feature bits, and the device type that gives them their names. */
struct feature_set {
	uint64_t bits;
	uint32_t type; /* virtio device id, or VIRTIO_TYPE_ANY */
};

/* A set of virtio device ids below 64, bit N for id N. */
struct class_set {
	uint64_t bits;
};

/* The one class of a set, or VIRTIO_TYPE_ANY where there are none or several. */
uint32_t class_set_single(const struct class_set *set);

/* A virtio device id. */
struct device_type {
	uint32_t id;
};

enum mgmtdev_present {
	MGMTDEV_HAS_CLASSES = 1,
	MGMTDEV_HAS_MAX_VQS,
	MGMTDEV_HAS_FEATURES,
};

struct mgmtdev {
	const char *name; /* "BUS/NAME" or "NAME", in the same allocation */
	struct class_set classes;
	struct feature_set features;
	uint32_t max_vqs;
	uint32_t present;
};

enum dev_present {
	DEV_HAS_TYPE = 1,
	DEV_HAS_VENDOR_ID,
	DEV_HAS_MAX_VQS,
	DEV_HAS_MAX_VQ_SIZE,
	DEV_HAS_MIN_VQ_SIZE,
	DEV_HAS_MIN_VQ_SIZE_LIMIT, /* above 1, which is no limit */
};

struct dev {
	const char *name;    /* in the same allocation */
	const char *mgmtdev; /* "BUS/NAME" or "NAME", in the same allocation */
	struct device_type type;
	uint32_t vendor_id;
	uint32_t max_vqs;
	uint16_t max_vq_size; /* entries */
	uint16_t min_vq_size; /* entries */
	uint32_t present;
};

/* A device to be made. */
struct dev_new {
	const char *name;
	const struct handle *mgmtdev;
	struct opt_mac mac;
	struct opt_u16 mtu; /* bytes */
	struct opt_u16 max_vqp;
	bool has_features;
	struct feature_set features;
};

#endif
