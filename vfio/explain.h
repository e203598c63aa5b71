/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_EXPLAIN_H
#define VFIO_EXPLAIN_H

#include "model.h"

/*
 * Puts an error of the kernel into words, with a hint where something helps. All fill @err and
 * return the negative errno.
 */

/* The kernel has no VFIO, or its module is not loaded. */
int explain_absent(struct err *err);

/* VFIO has no such device. @word: as the user wrote it; @name: its directory in sysfs. */
int explain_no_dev(struct err *err, const char *word, const char *name);

/*
 * Somebody has the device open, or another device of its IOMMU group. Names the first holder that
 * can be seen. Returns -EAGAIN if the device may be free in a moment, and -EBUSY otherwise.
 */
int explain_holder(struct err *err, const struct dev *dev);

/* Somebody has one of its virtual functions open. @function: NULL if it is not known which. */
int explain_vf_holder(struct err *err, const struct dev *dev, const struct dev *function);

/* A node did not open. @err: from chardev_open(). @module: the one that creates the node. */
int explain_node(struct err *err, const struct dev *dev, const char *path, const char *module);

/* The device has no node for this method of opening it. */
int explain_no_node(struct err *err, const struct dev *dev, enum open_method method);

/* The IOMMU group is not viable: another driver or another user has a part of it. */
int explain_group(struct err *err, const struct dev *dev);

/* The nodes opened, but the kernel refused the device itself. @with_token: a token was sent. */
int explain_open(struct err *err, int code, const struct dev *dev, bool with_token);

/* No IOMMU backend of the container takes the group. @code: 0 if the container offers none. */
int explain_iommu(struct err *err, int code, const struct dev *dev);

/* A request on an open device failed. @tried: such as "probe a feature of". */
int explain_request(struct err *err, int code, const struct dev *dev, const char *tried);

/* The device lacks the feature, or just this @operation ("get" or "set") of it. */
int explain_no_feature(struct err *err, const struct dev *dev, const struct device_feature *feature,
		       const char *operation);

/* The user named @wanted, one of the two features of index 11, and this kernel has @found. */
int explain_other_feature(struct err *err, const struct dev *dev, enum index_11 wanted,
			  enum index_11 found);

/* The device has the operation, but it failed. */
int explain_feature(struct err *err, int code, const struct dev *dev,
		    const struct device_feature *feature, const char *operation);

#endif
