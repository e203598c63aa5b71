/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_COMMANDS_H
#define VDPA_COMMANDS_H

#include "tool/tool.h"
#include "vdpa/ops/session.h"
#include "virtio/args.h"

/* The "app" argument of every handler points to this. */
struct vdpa {
	struct app app;
	struct session session;
};

/* The root of the command table. */
extern const struct cli_cmd vdpa_root;

extern const struct cli_cmd mgmtdev_commands[];
extern const struct cli_cmd dev_commands[];
extern const struct cli_cmd config_commands[];
extern const struct cli_cmd features_commands[];
extern const struct cli_cmd feature_commands[];
extern const struct cli_cmd stats_commands[];
extern const struct cli_cmd vstats_commands[];

/* Objects without commands: they are run themselves. */
struct doctor_args {
	struct opt_u32 pid;
};

int doctor_run(void *app, const void *args, struct err *err);

struct del_args {
	struct cli_words name;
};

struct save_args {
	struct cli_words name;
	struct opt_handle mgmtdev;
};

extern const struct cli_arg save_arguments[];
int save_run(void *app, const void *args, struct err *err);

struct apply_args {
	struct cli_words file;
	bool check, prune, replace;
	struct opt_u16 wait; /* seconds */
};

extern const struct cli_arg apply_arguments[];
int apply_run(void *app, const void *args, struct err *err);

int metrics_run(void *app, const void *args, struct err *err);

/* Aliases of "show" in every object. */
extern const char *const show_aliases[];

/* Types of arguments that only vdpa has. */
extern const struct cli_type handle_type, driver_type, pairs_type, owner_type, group_type,
	mode_type;

/*
 * Completion from the running kernel: devices, management devices, types and features of the
 * management device that the line names, and nodes, interfaces and disks of devices.
 */
void complete_devs(void *app, FILE *out);
void complete_mgmtdevs(void *app, FILE *out);
void complete_mgmtdev_types(void *app, FILE *out);
void complete_mgmtdev_features(void *app, FILE *out);
void complete_endpoints(void *app, FILE *out);

#endif
