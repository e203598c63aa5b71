/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vduse features". */
#include "commands.h"
#include "vduse/kernel/kernel.h"
#include "vduse/view.h"

static int show(void *data, const void *args _unused_, struct err *err)
{
	_cleanup_(control_close) struct control control = CONTROL_INIT;
	struct vduse_features features = { 0 };
	struct app *app = data;
	int ret = control_open(&control, err);
	struct out out;

	if (ret)
		return ret;
	features.bits = control.features;
	if (!control.has_features)
		tool_warn(app, "none: this kernel has no VDUSE feature negotiation");
	tool_out(app, &out, NULL, OUT_ONE);
	out_row(&out, NULL, features_fields, &features, BIT64(HAS_ALWAYS));
	return out_close(&out, err);
}

const struct cli_cmd features_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the features of VDUSE that the kernel offers.",
		.examples = (const char *const[]){ "vduse features show", NULL },
		.flags = CLI_DEFAULT,
		.run = show,
	},
	{ 0 },
};
