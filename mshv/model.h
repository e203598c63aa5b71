/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MSHV_MODEL_H
#define MSHV_MODEL_H

#include "base/base.h"

/* The interfaces that the node may have: one for each driver that creates it. */
enum interface {
	INTERFACE_ROOT,	   /* root partition, released kernels */
	INTERFACE_VTL,	   /* virtual trust level 2 of a guest, released kernels */
	INTERFACE_VERSION, /* root partition, proposed driver */
	INTERFACE_EARLY,   /* root partition, drivers before the released ones */
	INTERFACE_UNKNOWN, /* VERSION or EARLY: their answers do not tell which */
};

/* "root", "vtl", "version_request", "early" or "unknown". */
const char *interface_name(enum interface interface);

/* A line on the interface, which continues a sentence: "that of ...". */
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
	bool version_request, extension_check; /* the requests that the interface has */
};

/* A version that the kernel accepted. */
struct request {
	const char *node;
	uint32_t version;
	bool taken;
	const char *valid; /* how long the version lasts */
};

/* The kernel's answer about an extension. */
struct extension {
	const char *node;
	uint32_t id;
	uint32_t answer; /* 0 if the kernel does not have the extension */
	bool available;
};

#define EXTENSION_TEXT_SIZE 32

/* The name of an extension, written to @text as "id_N" if it has none. */
const char *extension_name(uint32_t id, char text[static EXTENSION_TEXT_SIZE]);

/* The name at this place in the list of all, or NULL after the last one. */
const char *extension_at(size_t index);

/* Reads a name, id_N or a number. Returns 0, -EINVAL or -ERANGE. */
int extension_parse(const char *word, uint32_t *id);

#endif
