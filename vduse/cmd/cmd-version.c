/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "vduse version". */
#include "commands.h"
#include "vduse/kernel/kernel.h"
#include "vduse/view.h"

static int show(void *data, const void *args _unused_, struct err *err)
{
	_cleanup_(control_close) struct control control = CONTROL_INIT;
	struct app *app = data;
	struct version version = { .tool = API_VERSION_TOOL };
	int ret = control_open(&control, err);
	struct out out;

	if (ret)
		return ret;
	version.kernel = control.version;
	tool_out(app, &out, NULL, OUT_ONE);
	out_row(&out, NULL, version_fields, &version, BIT64(HAS_ALWAYS));
	return out_close(&out, err);
}

const struct cli_cmd version_commands[] = {
	{
		.name = "show",
		.aliases = show_aliases,
		.help = "Shows the newest version of VDUSE's interface that the kernel offers, and "
			"the one that this tool speaks.",
		.examples = (const char *const[]){ "vduse version show", NULL },
		.flags = CLI_DEFAULT,
		.run = show,
	},
	{ 0 },
};
