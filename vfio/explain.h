/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_EXPLAIN_H
#define VFIO_EXPLAIN_H

#include "model.h"

/* The kernel's errors in words, and hints where something helps. All return the negative errno. */

/* VFIO is not loaded. */
int explain_absent(struct err *err);

/* No device of VFIO. @word: as the user wrote it; @name: as its directory would be called. */
int explain_no_dev(struct err *err, const char *word, const char *name);

/*
 * Somebody has it open: the first of its holders, or who has a device of its group by now. The
 * code is EAGAIN where it may be free in a moment, and EBUSY otherwise.
 */
int explain_holder(struct err *err, const struct dev *dev);

/* Somebody has one of its virtual functions open. @function: NULL: it is not known which. */
int explain_function(struct err *err, const struct dev *dev, const struct dev *function);

/* Of opening a node; @err: from chardev_open(). @module: that makes the node. */
int explain_node(struct err *err, const struct dev *dev, const char *path, const char *module);

/* A way of opening that this kernel does not have for the device. */
int explain_no_way(struct err *err, const struct dev *dev, enum dev_way way);

/* Another device of the group, or another user of it, is in the way. */
int explain_group(struct err *err, const struct dev *dev);

/* Of asking for the device itself. @with_token: a token was sent. */
int explain_open(struct err *err, int code, const struct dev *dev, bool with_token);

/* The container has no IOMMU to put the group behind. @code: 0 where it offers none at all. */
int explain_iommu(struct err *err, int code, const struct dev *dev);

/* Of any request on a device that is open; @tried: such as "probe a feature of". */
int explain_request(struct err *err, int code, const struct dev *dev, const char *tried);

/* A feature that the device lacks, or of which it has no @operation. */
int explain_no_feature(struct err *err, const struct dev *dev, const struct device_feature *feature,
		       const char *operation);

/* One of index 11 was named, @wanted, and it is the other one, @found, that the device has. */
int explain_other_feature(struct err *err, const struct dev *dev, enum index_11 wanted,
			  enum index_11 found);

/* Of an operation that the feature has. */
int explain_feature(struct err *err, int code, const struct dev *dev,
		    const struct device_feature *feature, const char *operation);

#endif
