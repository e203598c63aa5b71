/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_VIEW_H
#define VDPA_VIEW_H

#include "out.h"

/* The fields of the model's structs, in the order in which they are printed. */
extern const struct out_field mgmtdev_fields[];
extern const struct out_field dev_fields[];
extern const struct out_field config_fields[];

#endif
