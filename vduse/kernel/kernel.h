/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_KERNEL_H
#define VDUSE_KERNEL_H

#include "base/err.h"
#include "base/list.h"
#include "vduse/model/model.h"

/*
 * The model to and from the kernel's VDUSE. All return 0, or a negative errno with what was tried
 * and why it failed in @err.
 */

/* The control node, opened for one conversation, and what the kernel said in it. */
struct control {
	int fd;
	uint64_t version;  /* that the kernel offers */
	uint64_t features; /* VDUSE's own */
	bool has_features; /* false: this kernel knows none, and no way to ask */
	uint64_t set;	   /* of them, by request: for all devices that are made from here on */
	uint64_t agreed;   /* version of the devices that are made from here on */
	bool has_made;	   /* one: the version may stay as it was then */
};

#define CONTROL_INIT                                                                               \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/*
 * Opens the node and asks for version and features, unless that was done already; close it in any
 * case.
 */
int control_open(struct control *control, struct err *err);
void control_close(struct control *control);

/*
 * Makes the device, whose values have been checked.
 * @control: with the kernel's answers. @version: of the interface, that the kernel offers.
 */
int control_create(struct control *control, const struct dev_new *dev, uint64_t version,
		   struct err *err);

/* Deletes a device; opens the node if that was not done. -EBUSY: it is attached, or served. */
int control_destroy(struct control *control, const char *name, struct err *err);

/* Gives all queues their size and group. */
int kernel_setup_queues(const struct dev_new *dev, uint64_t version, struct err *err);

/*
 * Opens the node of a device that is to be deleted. One at a time can: while it is open nobody else
 * serves the device, and nobody begins to. -EBUSY: somebody serves it, whether that process can be
 * seen or not. Returns a file descriptor, which the caller closes.
 */
int kernel_hold(const char *name, struct err *err);

/* Whether the kernel has asked something and waits for the answer. @fd: of kernel_hold(). */
bool kernel_is_asked(int fd);

/* Answers yes to all that the kernel has asked by now. */
void kernel_answer(int fd);

/* What only the node of a device tells; it is opened for a moment. */
int kernel_dev_features(const char *name, uint64_t *bits, struct err *err);
int kernel_vqs(const char *name, struct list *list, struct err *err);	 /* struct vq */
int kernel_iotlbs(const char *name, struct list *list, struct err *err); /* struct iotlb */

/* sysfs */

/*
 * Lists all devices, as struct dev, in the order of their names, without opening a node.
 * @queues: with their queues. Free the list with devs_clear().
 */
int kernel_devs(bool queues, struct list *list, struct err *err);

/* The same for one. -ENODEV: there is none of this name. */
int kernel_dev(const char *name, bool queues, struct list *list, struct err *err);

/* Whether a device can have this name; what else stands beside the devices has another. */
bool kernel_may_be_dev(const char *name);

/* Writes the path of a device's node, or of its directory in sysfs, as the kernel spells it. */
void kernel_node_path(const char *name, char *path, size_t size);
void kernel_sysfs_path(const char *name, const char *attribute, char *path, size_t size);

/* Changes an attribute of a device, and reads it back. */
int kernel_set_msg_timeout(const char *name, uint32_t seconds, struct err *err);
/* @bounce_size: set to what the kernel made of it. */
int kernel_set_bounce_size(const char *name, uint64_t *bounce_size, struct err *err);
/*
 * Whether this kernel's devices have no bounce_size; false where that cannot be known before one is
 * made. @version: of the interface, that the kernel offers.
 */
bool kernel_lacks_bounce_size(uint64_t version);
int kernel_set_affinity(const char *name, uint32_t queue, const struct cpus *cpus, struct err *err);

/* The vdpa bus. These may wait without limit: see worker.h. */

/* Attaches a device, or takes it off. */
int kernel_attach(const char *name, struct err *err);
int kernel_detach(const char *name, struct err *err);

/* Whether kernel_detach() would be heard: 0, or the reason why not; nothing is changed. */
int kernel_check_bus(const char *name, struct err *err);

#define DRIVER_SIZE 64

/* The driver of a device on the bus; false where there is none. */
bool kernel_driver(const char *name, char driver[DRIVER_SIZE]);

/* Whether the kernel has the driver @driver: 0, or -ENOENT with status 7 and the module in @err. */
int kernel_check_driver(const char *name, const char *driver, struct err *err);

/* Binds a device that has no driver. virtio_vdpa waits for whoever serves the device. */
int kernel_bind(const char *name, const char *driver, struct err *err);

/* Takes the device from its driver, without keeping all others that use the bus waiting. */
int kernel_unbind(const char *name, const char *driver, struct err *err);

/* Whether the management device of VDUSE is there: 0, or the reason why it cannot be used. */
int kernel_find_mgmtdev(struct err *err);

/* What the vdpa bus knows of a device. */
struct bus_facts {
	bool known;
	uint32_t type, vqs;
};

/* Asks for each of @devs that is attached. @facts: as many. */
int kernel_bus_facts(const struct list *devs, struct bus_facts *facts, struct err *err);

#endif
