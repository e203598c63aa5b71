/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MSHV_VIEW_H
#define MSHV_VIEW_H

#include "out/out.h"

/* The fields of the model's structs, in the order in which they are printed. */
extern const struct out_field version_fields[];
extern const struct out_field request_fields[];
extern const struct out_field extension_fields[];

#endif
