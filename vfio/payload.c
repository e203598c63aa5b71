/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the payload of a feature from words, and decodes it into words. */
#include "payload.h"

#include "abi/vfio.h"
#include "base/text.h"
#include "base/uuid.h"

#include <errno.h>
#include <stdio.h>

static const char *const states[] = { "error",	  "stop",	 "running",  "stop_copy",
				      "resuming", "running_p2p", "pre_copy", "pre_copy_p2p" };
static const char *const masters[] = { "clear", "set" };

/* How a feature's payload is built: its first 32 bits are a number with names, or it is opaque. */
static const struct format {
	bool known, secret;
	bool own;		    /* the tool fills it: file descriptors of its own process */
	uint8_t set_size, get_size; /* bytes */
	const char *const *words;
	uint8_t word_count;
} formats[] = {
	[VFIO_PCI_VF_TOKEN] = { .known = true, .secret = true, .set_size = 16 },
	[VFIO_MIGRATION] = { .known = true, .get_size = 8 },
	[VFIO_MIG_DEVICE_STATE] = { .known = true,
				    .set_size = 8,
				    .get_size = 8,
				    .words = states,
				    .word_count = ARRAY_SIZE(states) },
	[VFIO_LOW_POWER_ENTRY] = { .known = true },
	[VFIO_LOW_POWER_ENTRY_WITH_WAKEUP] = { .known = true, .own = true, .set_size = 8 },
	[VFIO_LOW_POWER_EXIT] = { .known = true },
	[VFIO_MIG_DATA_SIZE] = { .known = true, .get_size = 8 },
	[VFIO_BUS_MASTER] = { .known = true,
			      .set_size = 4,
			      .words = masters,
			      .word_count = ARRAY_SIZE(masters) },
	[VFIO_MIG_PRECOPY_INFO_V2] = { .known = true },
	[VFIO_ZPCI_ERROR] = { .known = true, .get_size = 8 },
};

static const struct format *format_of(uint16_t index)
{
	static const struct format unknown = { 0 };

	return index < ARRAY_SIZE(formats) ? &formats[index] : &unknown;
}

bool payload_is_secret(uint16_t index)
{
	return format_of(index)->secret;
}

const char *payload_word_at(uint16_t index, size_t n)
{
	const struct format *format = format_of(index);

	return n < format->word_count ? format->words[n] : NULL;
}

bool payload_supports(uint16_t index, bool set)
{
	const struct format *format = format_of(index);

	/* Some features are set without a payload, but not those that have a value to read. */
	return format->known && (set ? format->set_size || !format->get_size : format->get_size);
}

size_t payload_get_size(uint16_t index)
{
	return format_of(index)->known ? format_of(index)->get_size : PAYLOAD_MAX;
}

static int encode_hex(const char *digits, struct payload *payload, struct err *err)
{
	const size_t length = strlen(digits);

	if (length % 2 || length / 2 > sizeof(payload->bytes))
		return err_usage(err,
				 "VALUE must have two digits for each byte after hex:, and at most "
				 "%zu bytes",
				 sizeof(payload->bytes));
	for (size_t i = 0; i < length; i += 2) {
		const char pair[] = { digits[i], digits[i + 1], '\0' };
		uint64_t byte;

		if (num_parse_hex(pair, &byte))
			return err_usage(err,
					 "VALUE must have hexadecimal digits after hex:, not "
					 "'%s'",
					 pair);
		payload->bytes[i / 2] = byte;
	}
	payload->size = length / 2;
	return 0;
}

static int bad_word(const struct format *format, const char *word, struct err *err)
{
	char names[128];
	struct text text = text_begin(names, sizeof(names));

	for (size_t i = 0; i < format->word_count; i++)
		text_join(&text, ", ", "%s", format->words[i]);
	if (!word)
		return err_usage(err, "VALUE is missing: it must be one of %s", names);
	return err_usage(err, "VALUE must be one of %s, not '%s'", names, word);
}

/* Fills the first 32 bits; a file descriptor after them stays -1, which is none. */
static int encode_word(const struct format *format, const char *word, struct payload *payload,
		       struct err *err)
{
	const int32_t no_file = -1;
	uint64_t number = UINT64_MAX;
	uint32_t value;

	for (size_t i = 0; word && i < format->word_count; i++)
		if (str_equal(word, format->words[i]))
			number = i;
	if (!word || (number == UINT64_MAX && num_parse(word, 0, format->word_count - 1, &number)))
		return bad_word(format, word, err);
	value = number;
	payload->size = format->set_size;
	memcpy(payload->bytes, &value, sizeof(value));
	if (payload->size >= sizeof(value) + sizeof(no_file))
		memcpy(payload->bytes + sizeof(value), &no_file, sizeof(no_file));
	return 0;
}

static int encode_known(const struct format *format, const char *word, struct payload *payload,
			struct err *err)
{
	if (format->words)
		return encode_word(format, word, payload, err);
	payload->size = format->set_size;
	if (!word)
		return 0;
	return err_usage(err, "this feature %s: '%s' is unexpected",
			 format->get_size ? "can be read, but not set" : "takes no VALUE", word);
}

int payload_encode(uint16_t index, const char *word, const struct uuid *secret,
		   struct payload *payload, struct err *err)
{
	const struct format *format = format_of(index);
	int ret;

	payload->size = 0;
	if (format->secret) {
		payload->size = sizeof(*secret);
		memcpy(payload->bytes, secret, sizeof(*secret));
		return 0;
	}
	if (!word || !str_starts(word, "hex:") ||
	    (format->known && (format->own || !format->set_size)))
		return format->known ? encode_known(format, word, payload, err)
		       : word	     ? err_usage(err, "VALUE must be bytes such as hex:01000000: "
							     "this tool does not know the feature")
				     : 0;
	ret = encode_hex(word + strlen("hex:"), payload, err);
	if (!ret && format->known && payload->size != format->set_size)
		return err_usage(err, "VALUE must have %u bytes, not %zu", format->set_size,
				 payload->size);
	return ret;
}

static void decode_opaque(const struct payload *payload, struct value *value, size_t size)
{
	value->bytes[0] = '\0';
	for (size_t i = 0; i < size; i++)
		snprintf(value->bytes + 2 * i, 3, "%02x", payload->bytes[i]);
	value->present |= BIT64(VALUE_HAS_BYTES);
}

static void decode_state(const struct payload *payload, struct value *value)
{
	uint32_t state;

	memcpy(&state, payload->bytes, sizeof(state));
	if (state < ARRAY_SIZE(states))
		snprintf(value->state, sizeof(value->state), "%s", states[state]);
	else
		snprintf(value->state, sizeof(value->state), "state_%u", state);
	value->present |= BIT64(VALUE_HAS_STATE);
}

/*
 * The kernel does not report how many bytes of an unknown feature it wrote: cut off the zeros at
 * the end, and round up to 8 bytes.
 */
static size_t used_bytes(const struct payload *payload)
{
	size_t size = payload->size;

	while (size && !payload->bytes[size - 1])
		size--;
	return (size + 7) / 8 * 8;
}

void payload_decode(const struct payload *payload, struct value *value)
{
	value->present |= BIT64(HAS_ALWAYS);
	switch (value->index) {
	case VFIO_MIGRATION:
		memcpy(&value->flags, payload->bytes, sizeof(value->flags));
		value->present |= BIT64(VALUE_HAS_FLAGS);
		return;
	case VFIO_MIG_DATA_SIZE:
		memcpy(&value->stop_copy_length, payload->bytes, sizeof(value->stop_copy_length));
		value->present |= BIT64(VALUE_HAS_LENGTH);
		return;
	case VFIO_MIG_DEVICE_STATE:
		decode_state(payload, value);
		return;
	default:
		decode_opaque(payload, value,
			      format_of(value->index)->known ? payload->size : used_bytes(payload));
	}
}
