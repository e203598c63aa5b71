/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_STATE_H
#define VDPA_STATE_H

#include "base/index.h"
#include "base/list.h"
#include "session.h"

/* The vDPA state of this host: management devices, devices with drivers, configurations. */
struct state {
	struct list mgmtdevs, devs, configs;
	struct index devs_by_name, configs_by_name;
};

#define STATE_INIT                                                                                 \
	{                                                                                          \
		.devs_by_name = INDEX_INIT(struct dev, name),                                      \
		.configs_by_name = INDEX_INIT(struct config, name)                                 \
	}

/*
 * Reads the state in three dumps. A device that the kernel cannot describe has no configuration.
 * Returns 0, or a negative errno with @err filled.
 */
int state_read(struct session *session, struct state *state, struct err *err);

/*
 * Makes a state from lists that the caller has read and still owns; the devices need their drivers.
 * Call state_return() in any case, and not state_release(). Returns 0, or -ENOMEM with @err filled.
 */
int state_borrow(struct state *state, const struct list *mgmtdevs, const struct list *devs,
		 const struct list *configs, struct err *err);
void state_return(struct state *state);

/* These return NULL if there is none. */
const struct dev *state_dev(const struct state *state, const char *name);
const struct config *state_config(const struct state *state, const char *name);
const struct mgmtdev *state_mgmtdev(const struct state *state, const struct handle *handle);

void state_release(struct state *state);

#endif
