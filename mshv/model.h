/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MSHV_MODEL_H
#define MSHV_MODEL_H

#include "base/base.h"

/* The drivers that may be behind the node. */
enum interface {
	INTERFACE_ROOT,	   /* of the root partition, in released kernels */
	INTERFACE_VTL,	   /* of a guest's virtual trust level 2, in released kernels */
	INTERFACE_VERSION, /* of the root partition, as it was proposed */
	INTERFACE_EARLY,   /* of the root partition, from before the released ones */
	INTERFACE_UNKNOWN, /* one of the last two */
};

/* "root", "vtl", "version_request", "early" or "unknown". */
const char *interface_name(enum interface interface);

/* Whose it is and what one can ask of it: "the root partition's, which ...". */
const char *interface_meaning(enum interface interface);

/* Whether extensions can be asked for. */
static inline bool has_extensions(enum interface interface)
{
	return interface == INTERFACE_VTL || interface == INTERFACE_EARLY;
}

struct version {
	const char *node;
	enum interface interface;
	const char *meaning;
	bool version_request, extension_check; /* what it takes */
};

/* A version that the kernel took. */
struct request {
	const char *node;
	uint32_t version;
	bool taken;
	const char *valid; /* for how long */
};

/* What the kernel says of an extension. */
struct extension {
	const char *node;
	uint32_t id;
	uint32_t answer; /* the kernel's, 0 where it does not have the extension */
	bool available;
};

#define EXTENSION_TEXT_SIZE 32

/* The name of an extension, written to @text as "id_N" if it has none. */
const char *extension_name(uint32_t id, char text[static EXTENSION_TEXT_SIZE]);

/* The name at this place in the list of all, or NULL behind its end. */
const char *extension_at(size_t index);

/* Reads a name, id_N or a number. Returns 0, -EINVAL or -ERANGE. */
int extension_parse(const char *word, uint32_t *id);

#endif
