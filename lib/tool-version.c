/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool.h"

/* Alone in its file, which is compiled anew with each commit. */
const char tool_version[] = VERSION;
