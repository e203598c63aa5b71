/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FEATURES_H
#define FEATURES_H

#include "base/err.h"

/*
 * Names of virtio device types and feature bits: the tables of the virtio specification, section
 * "Device Types" and the "Feature bits" of each, with the legacy bits that kernels still use.
 */
#define VIRTIO_TYPE_NET	  1
#define VIRTIO_TYPE_BLOCK 2
#define VIRTIO_TYPE_FS	  26
#define VIRTIO_TYPE_ANY	  UINT32_MAX /* of no type in particular: transport bits only */

/* More than any type's name, or "id_N" for one that has none. */
#define VIRTIO_TYPE_TEXT_SIZE	 32
#define VIRTIO_FEATURE_TEXT_SIZE 32

/* A number that was read as hexadecimal though nothing said so; empty if there was none. */
struct bare_hex {
	char digits[20];
};

/* Bits of a network device that other settings go with. */
#define VIRTIO_FEATURE_NET_MTU	   3
#define VIRTIO_FEATURE_NET_MAC	   5
#define VIRTIO_FEATURE_NET_CTRL_VQ 17
#define VIRTIO_FEATURE_NET_MQ	   22
#define VIRTIO_FEATURE_NET_STATUS  16

/* Of a block device. */
#define VIRTIO_FEATURE_BLOCK_CONFIG_WCE 11
#define VIRTIO_FEATURE_BLOCK_MQ		12

/* Of all. */
#define VIRTIO_FEATURE_VERSION_1       32
#define VIRTIO_FEATURE_ACCESS_PLATFORM 33
#define VIRTIO_FEATURE_RING_PACKED     34

/* A virtio device id. */
struct device_type {
	uint32_t id;
};

/* The same, as a command line may name it. */
struct opt_device_type {
	bool set;
	uint32_t id;
};

/* A mask of virtio feature bits, and the device type that gives them their names. */
struct feature_set {
	uint64_t bits;
	uint32_t type; /* virtio device id, or VIRTIO_TYPE_ANY */
};

/* Features as a command line names them: which bits they are depends on the device's type. */
struct opt_features {
	bool set;
	const char *words;
	struct feature_set value; /* once the type is known */
};

struct virtio_feature {
	uint8_t bit;
	const char *name, *meaning;
};

/*
 * The name of a virtio device id, written to @text if it has none. Devices of type 1 are "net",
 * as a class; iproute2 calls one of them a "network".
 */
const char *virtio_type_name(uint32_t type, char text[static VIRTIO_TYPE_TEXT_SIZE]);

/* Reads a type's name or number. Returns 0 or -EINVAL. */
int virtio_type_parse(const char *word, uint32_t *type);

/* The name of the type at this place in the list of all, or NULL behind its end. */
const char *virtio_type_at(size_t index);

/*
 * The feature at this place in the list of a type's, those of the transport last; or NULL behind
 * its end.
 */
const struct virtio_feature *virtio_feature_at(uint32_t type, size_t index);

/* The row of a bit of a device of type @type, or NULL. */
const struct virtio_feature *virtio_feature_find(uint32_t type, unsigned int bit);

/* The name of a bit, written to @text as "bit_N" if it has none. */
const char *virtio_feature_name(uint32_t type, unsigned int bit,
				char text[static VIRTIO_FEATURE_TEXT_SIZE]);

/*
 * Reads features as people give them: names of @type's and of the transport's bits, bit_N and
 * numbers, joined by commas, a leading "-" taking one away.
 * @type: VIRTIO_TYPE_ANY takes the names of all types, to check words before the type is known;
 * the mask is of no use then.
 * @bare_hex: read a number without 0x as hexadecimal, and keep the first such; NULL reads it as
 * decimal.
 * Returns 0 or a usage error with @err filled.
 */
int virtio_features_parse(const char *word, uint32_t type, struct bare_hex *bare_hex,
			  uint64_t *mask, struct err *err);

/* Writes the names of the bits of @mask, joined by commas, into @text of @size bytes. */
void virtio_features_format(uint64_t mask, uint32_t type, char *text, size_t size);

#endif
