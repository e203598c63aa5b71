/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "abi/vdpa.h"
#include "ahead.h"
#include "commands.h"

int main(int argc, char **argv)
{
	struct vdpa vdpa = { .app = { .root = &vdpa_root, .settle = ahead_settle } };
	int status;

	nl_init(&vdpa.nl, VDPA_GENL_NAME, VDPA_GENL_VERSION);
	status = tool_main(&vdpa.app, argc, argv);
	ahead_release(&vdpa);
	nl_release(&vdpa.nl);
	return status;
}
