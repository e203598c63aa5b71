/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_COMMANDS_H
#define VFIO_COMMANDS_H

#include "model.h"
#include "tool/tool.h"

/* What the tool's handlers get. */
struct vfio {
	struct app app;
	struct work *held; /* devices that stay open between lines of a batch, see dev-open.h */
};

/* The tool's row: all commands hang below it. */
extern const struct cli_cmd vfio_root;

extern const struct cli_cmd dev_commands[];
extern const struct cli_cmd feature_commands[];
extern const struct cli_cmd region_commands[];

/* Words that mean "show" everywhere. */
extern const char *const show_aliases[];

/* Types of arguments. */
struct feature_index {
	uint16_t index;
	enum index_11 kind; /* which one of index 11 was named, INDEX_11_NONE by its number */
};

struct region_index {
	bool set;
	uint32_t index;
};

/* A UUID, or where it is read from: never put into a message. */
struct token_word {
	const char *word;
};

/* The word behind a region whose writes are to be combined. */
#define WC_WORD "wc"

extern const struct cli_type feature_type, region_type, alias_type, token_type;

/* Which device, and how it is opened: the same words in each command that opens one. */
struct open_args {
	const char *dev;
	struct token_word token;
	bool iommufd, container;
	bool hold; /* in a batch: leave it open for the next line that names it */
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

/* The rows of a struct open_args that is the member "open" of @T, behind DEV_ARG(). */
#define OPEN_ARGS(T)                                                                               \
	OPEN_ARG(T, token, "UUID|file:PATH", &token_type, 0,                                       \
		 "of a virtual function, set on its physical one: a UUID, or file:PATH"),          \
		OPEN_ARG(T, iommufd, NULL, &cli_type_flag, CLI_EITHER,                             \
			 "open it by its own node and iommufd"),                                   \
		OPEN_ARG(T, container, NULL, &cli_type_flag, CLI_EITHER,                           \
			 "open it by its group's node and a container"),                           \
		OPEN_ARG(T, hold, NULL, &cli_type_flag, 0,                                         \
			 "in a batch: leave it open for the next line that names it")

/* Completion of live names. */
void complete_devs(void *app, FILE *out);

/* Completion of features whose value can be asked for, of those that can be set, and of values. */
void complete_gettable(void *app, FILE *out);
void complete_settable(void *app, FILE *out);
void complete_values(void *app, FILE *out);

#endif
