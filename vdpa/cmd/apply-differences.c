/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts the devices that differ from the files that are applied at boot, for metrics. */
#include "apply-differences.h"

#include "apply-read.h"
#include "vdpa/ops/plan.h"

#include <errno.h>
#include <sys/stat.h>

#define DIRECTORY "/etc/vdpa/devices.d"

bool differences_count(enum plan_action action)
{
	/* Like "check", count a device that the kernel does not describe as the same. */
	return action != PLAN_SAME && action != PLAN_UNKNOWN;
}

static int compare(struct vdpa *vdpa, const struct metrics *metrics,
		   struct differences *differences, struct err *err)
{
	char directory[] = DIRECTORY, *words[] = { directory };
	const struct cli_words files = { .words = words, .count = 1 };
	_cleanup_(desired_release) struct desired desired = { .root = &vdpa_root };
	_cleanup_(plan_release) struct plan plan = { 0 };
	static const struct plan_options options = { 0 };
	struct state state = STATE_INIT;
	int ret = desired_read(&desired, &files, err);

	if (ret)
		return ret;
	ret = state_borrow(&state, &metrics->mgmtdevs, &metrics->stats.names, &metrics->configs,
			   err);
	if (!ret)
		ret = plan_make(&vdpa->session, &state, &desired.wanted, &options, &plan, err);
	state_return(&state);
	memcpy(differences->counts, plan.counts, sizeof(plan.counts));
	return ret;
}

void differences_find(struct vdpa *vdpa, const struct metrics *metrics,
		      struct differences *differences)
{
	struct stat status;
	struct err err;

	*differences = (struct differences){ 0 };
	if (stat(DIRECTORY, &status) && (errno == ENOENT || errno == ENOTDIR))
		return;
	err_clear(&err);
	differences->present = true;
	differences->readable = !compare(vdpa, metrics, differences, &err);
	if (!differences->readable)
		tool_warn_of(&vdpa->app, &err);
}
