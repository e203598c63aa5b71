/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The field tables of mshv's output. */
#include "view.h"

#include "model.h"

static void write_interface(struct out *out, const char *key, const void *member)
{
	out_string(out, key, interface_name(*(const enum interface *)member));
}

static const struct out_type interface_type = { .write = write_interface };

const struct out_field version_fields[] = {
	OUT_FIELD(struct version, node, "node", HAS_ALWAYS, .flags = OUT_NAME),
	OUT_FIELD_OF(struct version, interface, enum interface, &interface_type, "interface",
		     HAS_ALWAYS),
	OUT_FIELD(struct version, version_request, "version_request", HAS_ALWAYS),
	OUT_FIELD(struct version, extension_check, "extension_check", HAS_ALWAYS),
	OUT_FIELD(struct version, meaning, "meaning", HAS_ALWAYS, .flags = OUT_DETAILS),
	{ 0 },
};

const struct out_field request_fields[] = {
	OUT_FIELD(struct request, node, "node", HAS_ALWAYS, .flags = OUT_NAME),
	OUT_FIELD(struct request, version, "version", HAS_ALWAYS),
	OUT_FIELD(struct request, taken, "taken", HAS_ALWAYS),
	OUT_FIELD(struct request, valid, "valid", HAS_ALWAYS),
	{ 0 },
};

static void write_extension(struct out *out, const char *key, const void *member)
{
	const uint32_t id = *(const uint32_t *)member;
	char text[EXTENSION_TEXT_SIZE];

	if (out->options.numeric)
		out_number(out, key, id);
	else
		out_string(out, key, extension_name(id, text));
}

static const struct out_type extension_id_type = { .write = write_extension };

const struct out_field extension_fields[] = {
	OUT_FIELD(struct extension, node, "node", HAS_ALWAYS, .flags = OUT_NAME),
	OUT_FIELD_OF(struct extension, id, uint32_t, &extension_id_type, "extension", HAS_ALWAYS),
	OUT_FIELD(struct extension, available, "available", HAS_ALWAYS),
	OUT_FIELD(struct extension, answer, "answer", HAS_ALWAYS),
	{ 0 },
};
