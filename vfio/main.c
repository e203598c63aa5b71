/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"
#include "dev-mask.h"

int main(int argc, char **argv)
{
	struct app app = { .root = &vfio_root, .mask = mask_tokens };

	return tool_main(&app, argc, argv);
}
