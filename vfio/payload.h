/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_PAYLOAD_H
#define VFIO_PAYLOAD_H

#include "base/uuid.h"
#include "model.h"

/* The largest payload: the bytes after the header of a request, sent by SET or filled by GET. */
#define PAYLOAD_MAX 4096

struct payload {
	uint8_t bytes[PAYLOAD_MAX];
	size_t size;
};

/* The value of a feature, as it is shown. */
struct value {
	uint16_t index;
	char name[FEATURE_NAME_SIZE];
	uint64_t flags;
	uint64_t stop_copy_length; /* bytes */
	char state[24];
	char bytes[2 * PAYLOAD_MAX + 1]; /* hexadecimal digits */
	char token[UUID_TEXT_SIZE];
	uint32_t present;
};

enum value_present {
	VALUE_HAS_FLAGS = HAS_ALWAYS + 1,
	VALUE_HAS_LENGTH,
	VALUE_HAS_STATE,
	VALUE_HAS_BYTES,
	VALUE_HAS_TOKEN,
};

/* Whether the feature's value is a secret: a UUID that is neither printed nor put into messages. */
bool payload_is_secret(uint16_t index);

/*
 * Builds the payload that sets a feature.
 * @word: what the user gave, or NULL. @secret: used instead if payload_is_secret().
 * Returns 0, or -EINVAL with a usage error in @err.
 */
int payload_encode(uint16_t index, const char *word, const struct uuid *secret,
		   struct payload *payload, struct err *err);

/* The n-th word that the feature can be set to, or NULL after the last one. */
const char *payload_word_at(uint16_t index, size_t n);

/* Whether the feature is known to have a SET, or else a GET with a value. */
bool payload_supports(uint16_t index, bool set);

/* Bytes to ask for: the size of a known feature's value, or PAYLOAD_MAX. */
size_t payload_get_size(uint16_t index);

/* Decodes the kernel's answer. @value: its index and name are filled already. */
void payload_decode(const struct payload *payload, struct value *value);

#endif
