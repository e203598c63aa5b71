/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the vDPA state of this host from the kernel. */
#include "state.h"

#include "base/list.h"
#include "config-fetch.h"
#include "vdpa/kernel/kernel.h"
#include "vdpa/kernel/topology.h"

/*
 * Reads configurations without warnings: a device that the kernel cannot describe has none, and
 * callers handle that themselves.
 */
static int read_configs(struct session *session, struct state *state, struct err *err)
{
	struct caller *caller = session->caller;
	int ret;

	session->caller = &caller_nobody;
	ret = config_fetch(session, &state->devs, &state->configs, err);
	session->caller = caller;
	return ret;
}

static int build_indexes(struct state *state, struct err *err)
{
	int ret = index_build(&state->devs_by_name, &state->devs);

	if (!ret)
		ret = index_build(&state->configs_by_name, &state->configs);
	return ret ? err_memory(err) : 0;
}

int state_read(struct session *session, struct state *state, struct err *err)
{
	int ret = kernel_mgmtdevs(&session->nl, &state->mgmtdevs, err);

	if (!ret)
		ret = kernel_devs(&session->nl, &state->devs, err);
	if (!ret)
		ret = read_configs(session, state, err);
	if (!ret)
		ret = topology_read(&state->devs, TOPOLOGY_DRIVERS, err);
	return ret ? ret : build_indexes(state, err);
}

int state_borrow(struct state *state, const struct list *mgmtdevs, const struct list *devs,
		 const struct list *configs, struct err *err)
{
	state->mgmtdevs = *mgmtdevs;
	state->devs = *devs;
	state->configs = *configs;
	return build_indexes(state, err);
}

void state_return(struct state *state)
{
	index_release(&state->devs_by_name);
	index_release(&state->configs_by_name);
}

const struct dev *state_dev(const struct state *state, const char *name)
{
	return index_find(&state->devs_by_name, name);
}

const struct config *state_config(const struct state *state, const char *name)
{
	return index_find(&state->configs_by_name, name);
}

const struct mgmtdev *state_mgmtdev(const struct state *state, const struct handle *handle)
{
	for (size_t i = 0; i < state->mgmtdevs.count; i++) {
		const struct mgmtdev *mgmtdev = state->mgmtdevs.items[i];

		if (handle_matches(handle, mgmtdev->name))
			return mgmtdev;
	}
	return NULL;
}

void state_release(struct state *state)
{
	state_return(state);
	topology_release(&state->devs);
	list_clear(&state->configs);
	list_clear(&state->mgmtdevs);
}
