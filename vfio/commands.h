/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_COMMANDS_H
#define VFIO_COMMANDS_H

#include "model.h"
#include "tool/tool.h"

/* The tool's state, which all handlers get. */
struct vfio {
	struct app app;
	struct opened_dev *held; /* devices that stay open between lines of a batch */
};

/* The tool's row: all commands hang below it. */
extern const struct cli_cmd vfio_root;

extern const struct cli_cmd dev_commands[];
extern const struct cli_cmd feature_commands[];
extern const struct cli_cmd region_commands[];

/* Aliases of every "show". */
extern const char *const show_aliases[];

/* Types of arguments. */
struct feature_index {
	uint16_t index;
	enum index_11 kind; /* the feature of index 11 that was named; NONE: given as a number */
};

struct region_index {
	bool set;
	uint32_t index;
};

/* A UUID, or where to read it from. A secret: it must not appear in messages. */
struct token_word {
	const char *word;
};

/* Follows a region whose alias shall combine writes. */
#define WC_WORD "wc"

extern const struct cli_type feature_type, region_type, alias_type, token_type;

/* The words that all commands share which open a device. */
struct open_args {
	const char *dev;
	struct token_word token;
	bool iommufd, container;
	bool hold; /* in a batch: leave it open for later lines */
};

#define DEV_ARG(T, member, flags_)                                                                 \
	{                                                                                          \
		.name = "dev", .meta = "DEV", .type = &cli_type_word,                              \
		.help = "PCI address, vfioN, or a path below /sys", .words = complete_devs,        \
		.offset = offsetof(T, member), .flags = CLI_POSITIONAL | CLI_FILE | (flags_)       \
	}

#define OPEN_ARG(T, member, meta_, type_, flags_, help_)                                           \
	{                                                                                          \
		.name = #member, .meta = (meta_), .help = (help_), .type = (type_),                \
		.offset = offsetof(T, open.member), .flags = (flags_)                              \
	}

/* The rows for the member "open" of @T, a struct open_args. They follow DEV_ARG(). */
#define OPEN_ARGS(T)                                                                               \
	OPEN_ARG(T, token, "UUID|file:PATH", &token_type, 0,                                       \
		 "secret of a virtual function: a UUID, or file:PATH"),                            \
		OPEN_ARG(T, iommufd, NULL, &cli_type_flag, CLI_EITHER,                             \
			 "open it by its own node and iommufd"),                                   \
		OPEN_ARG(T, container, NULL, &cli_type_flag, CLI_EITHER,                           \
			 "open it by its group's node and a container"),                           \
		OPEN_ARG(T, hold, NULL, &cli_type_flag, 0,                                         \
			 "in a batch: leave it open for the next line that names it")

/* Completion: names of devices, features that can be read, features that can be set, values. */
void complete_devs(void *app, FILE *out);
void complete_gettable(void *app, FILE *out);
void complete_settable(void *app, FILE *out);
void complete_values(void *app, FILE *out);

#endif
