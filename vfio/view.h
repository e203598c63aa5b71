/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_VIEW_H
#define VFIO_VIEW_H

#include "out/out.h"

/* The fields of the model's structs, in the order in which they are printed. */
extern const struct out_field dev_fields[];
extern const struct out_field features_fields[];
extern const struct out_field feature_fields[];
extern const struct out_field value_fields[];

/* For a list of struct region: the regions themselves. */
extern const struct out_type regions_type;

/* For the same list: which aliases the regions can have. */
extern const struct out_type region_flags_type;

#endif
