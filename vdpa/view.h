/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_VIEW_H
#define VDPA_VIEW_H

#include "out/out.h"
#include "vdpa/model/model.h"

/* Rows that say how the model's structs are printed, in the order of their columns and keys. */
extern const struct out_field mgmtdev_fields[];
extern const struct out_field dev_fields[];
extern const struct out_field dev_added_fields[];
extern const struct out_field find_fields[]; /* of a struct dev */
extern const struct out_field config_fields[];
extern const struct out_field dev_features_fields[];
extern const struct out_field feature_fields[];

/* One row of a table of features. */
struct feature_row {
	uint8_t bit;
	const char *name, *meaning;
};

/* Fills @row for a bit of type @type. @text: VIRTIO_FEATURE_TEXT_SIZE bytes, for "bit_N". */
void feature_row_fill(struct feature_row *row, uint32_t type, unsigned int bit, char *text);

extern const struct out_field dev_stats_fields[];

/* The statistics of one queue in the shape of iproute2's "vstats". */
extern const struct out_field vstats_fields[];

extern const struct out_field event_fields[];

#endif
