/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tool vdpa. */
#include "abi/vdpa.h"
#include "commands.h"

int main(int argc, char **argv)
{
	struct vdpa vdpa = { .app.root = &vdpa_root, .session.caller = &vdpa.app.caller };
	int status;

	nl_init(&vdpa.session.nl, VDPA_GENL_NAME, VDPA_GENL_VERSION);
	status = tool_main(&vdpa.app, argc, argv);
	nl_release(&vdpa.session.nl);
	return status;
}
