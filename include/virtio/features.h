/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FEATURES_H
#define FEATURES_H

#include "base/err.h"

/*
 * Names of virtio device types and feature bits, from the virtio specification, section "Device
 * Types" and the "Feature bits" of each type, and the legacy bits that kernels still use.
 */
#define VIRTIO_TYPE_NET	  1
#define VIRTIO_TYPE_BLOCK 2
#define VIRTIO_TYPE_FS	  26
#define VIRTIO_TYPE_ANY	  UINT32_MAX /* any type: only transport bits have names */

/* Longer than the name of any type, or "id_N" for one without a name. */
#define VIRTIO_TYPE_TEXT_SIZE	 32
#define VIRTIO_FEATURE_TEXT_SIZE 32

/* A number that was read as hexadecimal although it has no 0x, or empty. */
struct bare_hex {
	char digits[20];
};

/* Bits of a network device that are needed for other settings. */
#define VIRTIO_FEATURE_NET_MTU	   3
#define VIRTIO_FEATURE_NET_MAC	   5
#define VIRTIO_FEATURE_NET_CTRL_VQ 17
#define VIRTIO_FEATURE_NET_MQ	   22
#define VIRTIO_FEATURE_NET_STATUS  16

/* Bits of a block device. */
#define VIRTIO_FEATURE_BLOCK_CONFIG_WCE 11
#define VIRTIO_FEATURE_BLOCK_MQ		12

/* Bits of every device. */
#define VIRTIO_FEATURE_VERSION_1       32
#define VIRTIO_FEATURE_ACCESS_PLATFORM 33
#define VIRTIO_FEATURE_RING_PACKED     34

/* A virtio device id. */
struct device_type {
	uint32_t id;
};

/* The same as an optional argument. */
struct opt_device_type {
	bool set;
	uint32_t id;
};

/* A mask of virtio feature bits, with the device type that determines their names. */
struct feature_set {
	uint64_t bits;
	uint32_t type; /* virtio device id, or VIRTIO_TYPE_ANY */
};

/* Features as an optional argument: which bits the words mean depends on the device type. */
struct opt_features {
	bool set;
	const char *words;
	struct feature_set value; /* valid once the type is known */
};

struct virtio_feature {
	uint8_t bit;
	const char *name, *meaning;
};

/*
 * Returns the name of a virtio device id, which is written to @text if it has none. Type 1 is "net"
 * here; iproute2 uses that word for the class, and "network" for a device.
 */
const char *virtio_type_name(uint32_t type, char text[static VIRTIO_TYPE_TEXT_SIZE]);

/* Reads the name or number of a type. Returns 0 or -EINVAL. */
int virtio_type_parse(const char *word, uint32_t *type);

/* Returns the name of the type at @index in the list of all types, or NULL after the last one. */
const char *virtio_type_at(size_t index);

/*
 * Returns the feature at @index in the list of a type's features, which ends with those of the
 * transport, or NULL after the last one.
 */
const struct virtio_feature *virtio_feature_at(uint32_t type, size_t index);

/* Returns the feature of this bit for devices of @type, or NULL. */
const struct virtio_feature *virtio_feature_find(uint32_t type, unsigned int bit);

/* Returns the name of a bit. If it has none, "bit_N" is written to @text. */
const char *virtio_feature_name(uint32_t type, unsigned int bit,
				char text[static VIRTIO_FEATURE_TEXT_SIZE]);

/*
 * Reads features: names of @type's bits and of the transport's bits, bit_N and numbers, joined by
 * commas. A leading "-" clears a feature again.
 * @type: VIRTIO_TYPE_ANY accepts the names of all types, to check words before the type is known;
 * the mask then has no meaning.
 * @bare_hex: read a number without 0x as hexadecimal, and store the first such number; NULL: read
 * it as decimal.
 * Returns 0 or a usage error with @err filled.
 */
int virtio_features_parse(const char *word, uint32_t type, struct bare_hex *bare_hex,
			  uint64_t *mask, struct err *err);

/* Writes the names of the bits in @mask, joined by commas, to @text of @size bytes. */
void virtio_features_format(uint64_t mask, uint32_t type, char *text, size_t size);

#endif
