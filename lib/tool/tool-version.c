/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version; the only file that is compiled anew when it changes. */
#include "tool/tool.h"

/* Alone in its file, which is compiled anew with each commit. */
const char tool_version[] = VERSION;
