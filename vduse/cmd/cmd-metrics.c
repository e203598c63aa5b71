/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vduse metrics": the devices and who serves them, for Prometheus. */
#include "commands.h"
#include "tool/tool-metrics.h"
#include "vduse/kernel/kernel.h"

static void print_up(const struct metric_print *print)
{
	metric_alone(print, print->data != NULL);
}

static void print_devs(const struct metric_print *print)
{
	const struct list *devs = print->data;

	for (size_t i = 0; i < devs->count; i++) {
		const struct dev *dev = devs->items[i];

		metric_sample(print,
			      METRIC_LABELS({ "device", dev->name },
					    { "state", dev_state_names[dev->state] },
					    { "attached", dev->attached ? "true" : "false" }),
			      1);
	}
}

/* node_exporter merges this file with that of vdpa, so no name may be in both. */
static const struct metric_family families[] = {
	{ "vdpa_vduse_up", "gauge", "Whether the kernel could be asked for its VDUSE devices.",
	  print_up, .always = true },
	{ "vdpa_vduse_device_info", "gauge",
	  "A VDUSE device, whether a program serves it, and whether it is on the vdpa bus.",
	  print_devs },
	{ 0 },
};

/* Asks nothing of the vdpa bus, which may not answer while a device is stuck. */
int metrics_run(void *app, const void *args, struct err *err)
{
	_cleanup_(devs_clear) struct list devs = { 0 };
	struct vduse *vduse = app;
	const void *found = &devs;
	int ret = metrics_check(&vduse->app, args, "vduse -j dev show", err);

	if (ret)
		return ret;
	if (kernel_devs(false, &devs, err)) {
		metrics_report_down(&vduse->app, err);
		found = NULL;
	}
	return metrics_print(args, families, found, err);
}
