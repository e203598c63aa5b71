/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_KERNEL_H
#define VFIO_KERNEL_H

#include "base/list.h"
#include "model.h"
#include "payload.h"

/*
 * The model to and from the kernel's VFIO. All return 0, or a negative errno with what was tried
 * and why it failed in @err.
 */

/* sysfs; no node is opened. */

/* Lists all devices, as struct dev, in the order of their names. Free with devs_clear(). */
int kernel_devs(struct list *devs, struct err *err);

/*
 * Lists the one that is meant.
 * @word: a PCI address, also without its domain, vfioN, or a path below /sys. -ENODEV: it is none.
 */
int kernel_dev(const char *word, struct list *devs, struct err *err);

/*
 * Fills for each of the devices who has its nodes open: all that can be seen. Returns 0 or -ENOMEM.
 */
int kernel_holders(struct list *devs);

/*
 * Finds who has @dev or another device of its group open, among @devs.
 * @held: set to the device that is open. Returns NULL for nobody but ourselves.
 */
const struct holder_row *kernel_find_holder(const struct list *devs, const struct dev *dev,
					    const struct dev **held);

/* Lists the virtual functions of a device, with their holders where VFIO serves them. */
int kernel_functions(const struct dev *dev, struct list *functions, struct err *err);

/*
 * Finds a device of the group with a driver that VFIO cannot share the group with. Returns whether
 * there is one, with its name and driver.
 */
bool kernel_in_the_way(uint32_t iommu_group, char name[static 64], char driver[static 64]);

/* A device that is open. */
struct session {
	const struct dev *dev;
	int device, iommufd, group, container; /* file descriptors or -1 */
};

#define SESSION_INIT                                                                               \
	{                                                                                          \
		.device = -1, .iommufd = -1, .group = -1, .container = -1                          \
	}

/*
 * Opens a device, which the kernel resets by that; close it in any case.
 * @token: of a virtual function, whose device's user has set it.
 * -EAGAIN: the device is in use, but it may be free in a moment.
 */
int kernel_open(struct session *session, const struct dev *dev, enum dev_way way,
		const struct opt_uuid *token, struct err *err);
void kernel_close(struct session *session);

/* Features */

/*
 * Makes one request about a feature.
 * @flags: of VFIO_FEATURE_...; @payload: goes behind the header and comes back.
 * Returns what the kernel did, or a negative errno, and fills no struct err.
 */
int kernel_feature(const struct session *session, uint16_t index, uint32_t flags,
		   struct payload *payload);

/*
 * Probes one feature for all that it has.
 * @both: ask for GET and SET at once first, which is enough for a device that has both.
 * @kind: set to what index 11 is, if that is the index.
 */
int kernel_probe(const struct session *session, uint16_t index, bool both,
		 struct device_feature *feature, enum index_11 *kind, struct err *err);

/* Probes all known ones, and lists those unknown ones that the device has as well. */
int kernel_features(const struct session *session, bool numeric, struct device_features *features,
		    struct err *err);

/* Asks for the value of a feature, or sets it. */
int kernel_feature_get(const struct session *session, uint16_t index, struct payload *payload,
		       struct err *err);
int kernel_feature_set(const struct session *session, uint16_t index, struct payload *payload,
		       struct err *err);

/* Regions */

/* Lists all, as struct region. */
int kernel_regions(const struct session *session, struct list *regions, struct err *err);

/* The one of this index alone. -EINVAL: there is none. */
int kernel_region(const struct session *session, uint32_t index, struct list *regions,
		  struct err *err);

#endif
