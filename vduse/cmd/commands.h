/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_COMMANDS_H
#define VDUSE_COMMANDS_H

#include "tool/tool.h"
#include "vduse/ops/session.h"
#include "virtio/args.h"

/* The tool's state, which all handlers get. */
struct vduse {
	struct app app;
	struct session session;
};

/* The tool's row: all commands hang below it. */
extern const struct cli_cmd vduse_root;

extern const struct cli_cmd version_commands[];
extern const struct cli_cmd features_commands[];
extern const struct cli_cmd dev_commands[];
extern const struct cli_cmd dev_features_commands[];
extern const struct cli_cmd vq_commands[];
extern const struct cli_cmd iotlb_commands[];

/* The commands that are objects of their own. */
int doctor_run(void *app, const void *args, struct err *err);
int metrics_run(void *app, const void *args, struct err *err);

/* Aliases of every "show". */
extern const char *const show_aliases[];

/* A type of arguments: "vq N CPUS". */
struct affinity {
	unsigned int words; /* number of words read so far */
	uint32_t queue;
	struct cpus cpus;
};

extern const struct cli_type vduse_features_type, config_type, affinity_type, driver_type;

/* Completion: names of devices, and the types that VDUSE supports. */
void complete_devs(void *app, FILE *out);
void complete_types(void *app, FILE *out);

#endif
