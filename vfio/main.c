/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry point of the tool vfio. */
#include "commands.h"
#include "dev-mask.h"
#include "dev-open.h"

int main(int argc, char **argv)
{
	struct vfio vfio = { .app = { .root = &vfio_root, .mask = mask_tokens } };
	int status = tool_main(&vfio.app, argc, argv);

	dev_close_all(&vfio.held);
	return status;
}
