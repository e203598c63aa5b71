/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands "mshv version" and "mshv request". */
#include "abi/mshv.h"
#include "commands.h"
#include "explain.h"
#include "kernel.h"
#include "view.h"

struct version_args {
	const char *dev;
};

struct request_args {
	struct opt_u32 version;
	const char *dev;
};

static int show(void *data, const void *args, struct err *err)
{
	const struct version_args *given = args;
	struct version version = { .node = given->dev ? given->dev : MSHV_NODE };
	struct app *app = data;
	struct out out;
	int ret = kernel_interface(version.node, &version.interface, err);

	if (ret)
		return ret;
	version.meaning = interface_meaning(version.interface);
	version.version_request = version.interface == INTERFACE_VERSION;
	version.extension_check = has_extensions(version.interface);
	tool_out(app, &out, "version", OUT_ONE);
	out_row(&out, NULL, version_fields, &version, BIT64(HAS_ALWAYS));
	return out_close(&out, err);
}

static int request(void *data, const void *args, struct err *err)
{
	const struct request_args *given = args;
	struct request request = {
		.node = given->dev ? given->dev : MSHV_NODE,
		.version = given->version.value,
		.taken = true,
		.valid = "until the file is closed",
	};
	enum interface interface;
	struct app *app = data;
	struct out out;
	int ret = kernel_interface(request.node, &interface, err);

	if (!ret && interface != INTERFACE_VERSION && interface != INTERFACE_UNKNOWN)
		ret = explain_no_request(err, request.node, "request a version", interface);
	if (!ret)
		ret = kernel_request_version(request.node, request.version, err);
	if (ret)
		return ret;
	tool_out(app, &out, "request", OUT_ONE);
	out_row(&out, NULL, request_fields, &request, BIT64(HAS_ALWAYS));
	return out_close(&out, err);
}

#define DEV_HELP "node to ask instead of " MSHV_NODE

static const struct cli_arg version_arguments[] = {
	CLI_ARG(struct version_args, dev, "PATH", DEV_HELP, .flags = CLI_FILE),
	{ 0 },
};

static const struct cli_arg request_arguments[] = {
	CLI_ARG(struct request_args, version, "VERSION", "version to request, 0 by default",
		.flags = CLI_POSITIONAL),
	CLI_ARG(struct request_args, dev, "PATH", DEV_HELP, .flags = CLI_FILE),
	{ 0 },
};

const struct cli_cmd version_commands[] = {
	{
		.name = "show",
		.aliases = (const char *const[]){ "list", "lst", NULL },
		.help = "Shows which interface the node has, and whether that has versions or "
			"extensions. Changes nothing.",
		.args = version_arguments,
		.size = sizeof(struct version_args),
		.examples =
			(const char *const[]){ "mshv version show", "mshv -jd version show", NULL },
		.flags = CLI_DEFAULT,
		.run = show,
	},
	{
		.name = "request",
		.help = "Checks whether the kernel accepts a version of the interface. A version "
			"lasts until its file is closed, so it ends with this command: each "
			"program has to request its own.",
		.args = request_arguments,
		.size = sizeof(struct request_args),
		.examples = (const char *const[]){ "mshv version request", "mshv version request 0",
						   NULL },
		.run = request,
	},
	{ 0 },
};
