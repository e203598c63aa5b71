/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_VIEW_H
#define VDUSE_VIEW_H

#include "out/out.h"

/* The fields of the model's structs, in the order in which they are printed. */
extern const struct out_field version_fields[];
extern const struct out_field features_fields[];
extern const struct out_field dev_fields[];

/* For a list of struct vq, and for a list of struct iotlb. */
extern const struct out_type vqs_type, iotlbs_type;

#endif
