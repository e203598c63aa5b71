/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MSHV_COMMANDS_H
#define MSHV_COMMANDS_H

#include "model.h"
#include "tool/tool.h"

/* The tool's row: all commands hang below it. */
extern const struct cli_cmd mshv_root;

extern const struct cli_cmd version_commands[];
extern const struct cli_cmd extension_commands[];

/* An extension that the user gave by name or number. */
struct opt_extension {
	uint32_t id;
};

extern const struct cli_type extension_type;

#endif
