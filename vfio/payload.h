/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_PAYLOAD_H
#define VFIO_PAYLOAD_H

#include "base/uuid.h"
#include "model.h"

/* What a feature is set to, or says of itself: bytes behind the header of a request. */
#define PAYLOAD_MAX 4096

struct payload {
	uint8_t bytes[PAYLOAD_MAX];
	size_t size;
};

/* A value as the user sees it. */
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
 * Makes the payload that sets a feature.
 * @word: what the user gave, or NULL; of a secret it is not looked at here but in @secret.
 * Returns 0, or -EINVAL with a usage error in @err.
 */
int payload_encode(uint16_t index, const char *word, const struct uuid *secret,
		   struct payload *payload, struct err *err);

/* The n-th word that the feature is set to, or NULL behind the last one. */
const char *payload_word_at(uint16_t index, size_t n);

/* Whether the feature is known to be set, or else to have a value that can be asked for. */
bool payload_has_way(uint16_t index, bool set);

/* The size that is to be asked for: that of a known feature, or room for what is unknown. */
size_t payload_get_size(uint16_t index);

/* Puts what the kernel answered into words; @value: with index and name filled already. */
void payload_decode(const struct payload *payload, struct value *value);

#endif
