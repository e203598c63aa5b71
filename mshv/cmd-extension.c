/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "mshv extension". */
#include "abi/mshv.h"
#include "commands.h"
#include "explain.h"
#include "kernel.h"
#include "view.h"

struct extension_args {
	struct opt_extension extension;
	const char *dev;
};

static int check(void *data, const void *args, struct err *err)
{
	const struct extension_args *given = args;
	struct extension extension = {
		.node = given->dev ? given->dev : MSHV_NODE,
		.id = given->extension.id,
	};
	enum interface interface;
	struct app *app = data;
	struct out out;
	int ret = kernel_interface(extension.node, &interface, err);

	if (!ret && !has_extensions(interface))
		ret = explain_no_request(err, extension.node, "check an extension", interface);
	if (!ret)
		ret = kernel_check_extension(extension.node, extension.id, &extension.answer, err);
	if (ret)
		return ret;
	extension.available = extension.answer > 0;
	tool_out(app, &out, "extension", OUT_ONE);
	out_row(&out, NULL, extension_fields, &extension, BIT64(HAS_ALWAYS));
	return out_close(&out, err);
}

static const struct cli_arg check_arguments[] = {
	CLI_ARG_OF(struct extension_args, extension, struct opt_extension, &extension_type, "N",
		   "number of the extension, or its name", .flags = CLI_POSITIONAL | CLI_REQUIRED),
	CLI_ARG(struct extension_args, dev, "PATH", "node to ask instead of " MSHV_NODE,
		.flags = CLI_FILE),
	{ 0 },
};

const struct cli_cmd extension_commands[] = {
	{
		.name = "check",
		.help = "Checks whether the kernel has an extension of the VTL interface. Changes "
			"nothing.",
		.args = check_arguments,
		.size = sizeof(struct extension_args),
		.examples = (const char *const[]){ "mshv extension check 1",
						   "mshv extension check register_page", NULL },
		.run = check,
	},
	{ 0 },
};
