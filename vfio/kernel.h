/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_KERNEL_H
#define VFIO_KERNEL_H

#include "base/list.h"
#include "model.h"
#include "payload.h"

/*
 * All that the tool asks of the kernel's VFIO. Functions return 0, or a negative errno with what
 * was tried and why it failed in @err.
 */

/* These read sysfs and open no node. */

/* Lists all devices, as struct dev, in the order of their names. Free with devs_clear(). */
int kernel_devs(struct list *devs, struct err *err);

/*
 * Lists one device.
 * @word: a PCI address, also without its domain, vfioN, or a path below /sys.
 * -ENODEV: VFIO has no such device.
 */
int kernel_dev(const char *word, struct list *devs, struct err *err);

/* Fills the holders of each device: all processes that can be seen. Returns 0 or -ENOMEM. */
int kernel_holders(struct list *devs);

/*
 * Searches @devs for a process other than ourselves that has @dev or a device of its group open.
 * @held: set to the device that is open. Returns NULL if there is none.
 */
const struct holder_row *kernel_find_holder(const struct list *devs, const struct dev *dev,
					    const struct dev **held);

/* Lists the virtual functions of a device, with their holders where VFIO serves them. */
int kernel_virtual_functions(const struct dev *dev, struct list *functions, struct err *err);

/*
 * Finds a device of the group whose driver keeps VFIO from using the group. Returns whether there
 * is one, with its name and driver.
 */
bool kernel_find_blocker(uint32_t iommu_group, char name[static 64], char driver[static 64]);

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
 * Opens a device. The kernel resets it, and resets it again when it is closed. To be closed also
 * after a failure.
 * @token: the one that the user of the physical function has set.
 * -EAGAIN: the device is in use, but may be free in a moment.
 */
int kernel_open(struct session *session, const struct dev *dev, enum open_method method,
		const struct opt_uuid *token, struct err *err);
void kernel_close(struct session *session);

/* Features */

/*
 * Makes one request about a feature.
 * @flags: bits of VFIO_FEATURE_...; @payload: is sent after the header, and filled by the answer.
 * Returns the kernel's answer, which may be positive, or a negative errno. Fills no struct err.
 */
int kernel_feature(const struct session *session, uint16_t index, uint32_t flags,
		   struct payload *payload);

/*
 * Probes which operations a feature has.
 * @both: first ask for GET and SET in one request, which suffices if the device has both.
 * @kind: set to the meaning of index 11, if that is the index.
 */
int kernel_probe(const struct session *session, uint16_t index, bool both,
		 struct device_feature *feature, enum index_11 *kind, struct err *err);

/* Lists all known features, and of the unknown ones those that the device has. */
int kernel_features(const struct session *session, bool numeric, struct device_features *features,
		    struct err *err);

/* Reads the value of a feature, or sets it. */
int kernel_feature_get(const struct session *session, uint16_t index, struct payload *payload,
		       struct err *err);
int kernel_feature_set(const struct session *session, uint16_t index, struct payload *payload,
		       struct err *err);

/* Regions */

/* Lists all regions, as struct region. */
int kernel_regions(const struct session *session, struct list *regions, struct err *err);

/* Lists the region of this index alone. -EINVAL: the device has none. */
int kernel_region(const struct session *session, uint32_t index, struct list *regions,
		  struct err *err);

#endif
