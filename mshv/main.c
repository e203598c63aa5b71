/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry point of the tool mshv. */
#include "commands.h"

int main(int argc, char **argv)
{
	struct app app = { .root = &mshv_root };

	return tool_main(&app, argc, argv);
}
