/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holds the version, alone in a file that is compiled again with each commit. */
#include "tool/tool.h"

const char tool_version[] = VERSION;
