/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry point of the tool vduse. */
#include "commands.h"

int main(int argc, char **argv)
{
	struct vduse vduse = {
		.app.root = &vduse_root,
		.session = { .caller = &vduse.app.caller, .control = CONTROL_INIT },
	};
	int status = tool_main(&vduse.app, argc, argv);

	control_close(&vduse.session.control);
	return status;
}
