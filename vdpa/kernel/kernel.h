/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_H
#define VDPA_KERNEL_H

#include "base/err.h"
#include "base/list.h"
#include "base/mac.h"
#include "sys/nl.h"
#include "vdpa/model/model.h"

/*
 * Requests to the kernel's generic netlink family "vdpa", with the model's structs for arguments
 * and answers. All functions return 0, or a negative errno with what was tried and why it failed in
 * @err.
 */

/* Lists all management devices, as struct mgmtdev, into @list. */
int kernel_mgmtdevs(struct nl *nl, struct list *list, struct err *err);

/* Appends the management device that @handle names to @list. */
int kernel_mgmtdev(struct nl *nl, const struct handle *handle, struct list *list, struct err *err);

/*
 * Fills the details of each struct mgmtdev of @list: driver and parent from sysfs, and the devices
 * that it created, from one dump of all devices.
 */
int kernel_mgmtdev_details(struct nl *nl, struct list *list, struct err *err);

/* Frees the list, with the details of its management devices. */
void kernel_mgmtdevs_release(struct list *list);

/*
 * Lists all vDPA devices that have a management device, as struct dev, into @list, in the kernel's
 * order. Those that the kernel skipped, because others were deleted during the dump, come last.
 */
int kernel_devs(struct nl *nl, struct list *list, struct err *err);

/*
 * The same; also looks at the vdpa bus for devices without a management device, and appends their
 * names to @unmanaged.
 */
int kernel_devs_all(struct nl *nl, struct list *list, struct list *unmanaged, struct err *err);

/* Appends the device of this name to @list. */
int kernel_dev(struct nl *nl, const char *name, struct list *list, struct err *err);

/*
 * Checks that this kernel reads everything that is set in @dev: older ones skip attributes that
 * they do not know, and report success. Looks the family up if that was not done yet, and sends
 * nothing else. Returns -EOPNOTSUPP if the kernel would skip some.
 */
int kernel_check_dev_new(struct nl *nl, const struct dev_new *dev, struct err *err);

/*
 * Waits until the kernel has finished the requests before ours. One lock covers the whole family:
 * while one request is stuck, all others wait for it in the kernel, where no signal ends them, and
 * they are carried out later even if their senders have given up. So before we change anything, we
 * let a harmless request wait: it asks for a management device without naming one. Returns as
 * nl_do(), with the kernel's own words in @err.
 */
int kernel_await_turn(struct nl *nl, struct err *err);

int kernel_dev_add(struct nl *nl, const struct dev_new *dev, struct err *err);
int kernel_dev_del(struct nl *nl, const char *name, struct err *err);

/* Deletes a device that the same command created; a signal that came before does not stop it. */
int kernel_dev_undo(struct nl *nl, const char *name, struct err *err);

/*
 * Sets the MAC address of a network device, and reads it back. The kernel shows the address of a
 * device only if it offers the feature MAC; for any other, @unseen is set and the result is
 * unknown.
 * -EOPNOTSUPP: this kernel cannot (before Linux 6.13), the device's driver cannot, or the kernel
 * reported success and did nothing.
 */
int kernel_dev_set_mac(struct nl *nl, const char *name, const struct mac *mac, bool *unseen,
		       struct err *err);

/*
 * Lists configurations, as struct config, into @list, in the order of kernel_devs(). The kernel
 * ends the dump without an error at the first device of a type that it cannot describe, so ask for
 * the devices that are missing by name.
 */
int kernel_configs(struct nl *nl, struct list *list, struct err *err);

/*
 * Appends the configuration of the device of this name to @list.
 * -EOPNOTSUPP: the kernel does not describe devices of this type.
 */
int kernel_config(struct nl *nl, const char *name, struct list *list, struct err *err);

/*
 * Called for each request in turn. @ret: 0, or the negative errno that request @index failed with.
 * @err: why, or NULL.
 */
typedef void kernel_done(void *data, size_t index, int ret, const struct err *err);

/*
 * The same for all devices whose names are items of @names, pipelined. Each request that succeeds
 * appends one configuration to @list before @done is called for it.
 */
int kernel_configs_of(struct nl *nl, const struct list *names, struct list *list, kernel_done *done,
		      void *data, struct err *err);

/* A request for the statistics of one queue. */
struct stats_request {
	const struct dev *dev;
	struct dev_stats *stats; /* gets the queue */
	uint32_t index;
};

/*
 * Asks for the statistics of all these queues, pipelined.
 * @failed: called for each queue without statistics, with the kernel's own words in @err:
 * -EOPNOTSUPP: the driver keeps none; -EAGAIN: no driver has negotiated features with the device;
 * -ENODEV: the device is gone; -EINVAL or -ENODATA: the queue is not in use.
 * Returns 0, or a negative errno with @err filled when the kernel could not be asked.
 */
int kernel_stats(struct nl *nl, const struct stats_request *requests, size_t count,
		 void (*failed)(void *data, const struct stats_request *request, int ret,
				const struct err *err),
		 void *data, struct err *err);

/* Turns the error that kernel_stats() reported for this queue into a sentence with a hint. */
void kernel_stats_explain(struct err *err, const struct dev *dev, uint32_t index);

#endif
