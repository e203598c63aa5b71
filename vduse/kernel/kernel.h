/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_KERNEL_H
#define VDUSE_KERNEL_H

#include "base/err.h"
#include "base/list.h"
#include "vduse/model/model.h"

/*
 * All that the tool asks of the kernel's VDUSE. Functions return 0, or a negative errno with what
 * was tried and why it failed in @err.
 */

/* The open control node. Version and features are the kernel's state of this one open file. */
struct control {
	int fd;
	uint64_t version;      /* the newest that the kernel offers */
	uint64_t features;     /* VDUSE's own, that the kernel offers */
	bool has_features;     /* false: the kernel is too old to have any */
	uint64_t features_set; /* for all devices that are created from now on */
	uint64_t version_set;  /* for all devices that are created from now on */
	bool has_created;      /* a device: the kernel may refuse another version now */
};

#define CONTROL_INIT                                                                               \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/*
 * Opens the node and asks for version and features, unless it is open. To be closed also after a
 * failure.
 */
int control_open(struct control *control, struct err *err);
void control_close(struct control *control);

/*
 * Creates a device whose values have been checked.
 * @control: is open. @version: of the interface, at most the one that the kernel offers.
 */
int control_create(struct control *control, const struct dev_new *dev, uint64_t version,
		   struct err *err);

/* Deletes a device; opens the control node if need be. -EBUSY: it is attached, or served. */
int control_destroy(struct control *control, const char *name, struct err *err);

/* Sets up the size and the group of each queue. */
int kernel_setup_queues(const struct dev_new *dev, uint64_t version, struct err *err);

/*
 * Opens the node of a device that is to be deleted. The kernel lets one process at a time open it,
 * so nobody serves the device now, and nobody can begin to. -EBUSY: somebody serves it, whether
 * that process can be seen or not. Returns a file descriptor, which the caller closes.
 */
int kernel_hold(const char *name, struct err *err);

/* Whether the kernel waits for an answer to a request of its own. @fd: from kernel_hold(). */
bool kernel_is_asked(int fd);

/* Answers "done" to all requests that the kernel has sent so far. */
void kernel_answer(int fd);

/* These open the node of a device for a moment, since sysfs does not have this. */
int kernel_dev_features(const char *name, uint64_t *bits, struct err *err);
int kernel_vqs(const char *name, struct list *list, struct err *err);	 /* struct vq */
int kernel_iotlbs(const char *name, struct list *list, struct err *err); /* struct iotlb */

/* sysfs */

/*
 * Lists all devices, as struct dev, in the order of their names, without opening a node.
 * @queues: with their queues. Free the list with devs_clear().
 */
int kernel_devs(bool queues, struct list *list, struct err *err);

/* Lists one device. -ENODEV: there is none of this name. */
int kernel_dev(const char *name, bool queues, struct list *list, struct err *err);

/* Whether a device can have this name. Other files beside the devices have names that none can. */
bool kernel_may_be_dev(const char *name);

/* Writes the path of a device's node, or of its attribute in sysfs, as the kernel spells it. */
void kernel_node_path(const char *name, char *path, size_t size);
void kernel_sysfs_path(const char *name, const char *attribute, char *path, size_t size);

/*
 * Writes @number to the attribute of the device, and sets it to what the attribute reads back as:
 * the kernel rounds some values.
 */
int kernel_set_number(const char *name, const char *attribute, uint64_t *number, struct err *err);

/*
 * Whether this kernel's devices have no bounce_size; false if that cannot be known before a device
 * exists. @version: of the interface, that the kernel offers.
 */
bool kernel_lacks_bounce_size(uint64_t version);
int kernel_set_affinity(const char *name, uint32_t queue, const struct cpus *cpus, struct err *err);

/*
 * The vdpa bus. The kernel may keep the caller of these in an uninterruptible sleep without limit,
 * so run them in a worker: see sys/worker.h.
 */

int kernel_attach(const char *name, struct err *err);
int kernel_detach(const char *name, struct err *err);

/* Whether kernel_detach() could work: 0, or the reason why not in @err. Changes nothing. */
int kernel_check_bus(const char *name, struct err *err);

#define DRIVER_SIZE 64

/* Finds the driver of a device on the bus. Returns whether it has one. */
bool kernel_driver(const char *name, char driver[DRIVER_SIZE]);

/* Whether the kernel has this driver: 0, or -ENOENT with status 7 and the module in @err. */
int kernel_check_driver(const char *name, const char *driver, struct err *err);

/* Binds a device that has no driver. virtio_vdpa waits for the program that serves the device. */
int kernel_bind(const char *name, const char *driver, struct err *err);

/* Unbinds the device from its driver. Unlike kernel_detach() this does not lock the whole bus. */
int kernel_unbind(const char *name, const char *driver, struct err *err);

/* Whether VDUSE's management device is there: 0, or the reason why it cannot be used in @err. */
int kernel_find_mgmtdev(struct err *err);

/* The facts about a device that only the vdpa bus reports. */
struct bus_facts {
	bool known;
	uint32_t type, vqs;
};

/* Fills the facts of those devices that are attached. @facts: one for each of @devs. */
int kernel_bus_facts(const struct list *devs, struct bus_facts *facts, struct err *err);

#endif
