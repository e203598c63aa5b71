/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_KERNEL_H
#define VDPA_KERNEL_H

#include "base/err.h"
#include "base/list.h"
#include "base/mac.h"
#include "sys/nl.h"
#include "vdpa/model/model.h"

/*
 * The model to and from the kernel's generic netlink family "vdpa". All return 0, or a negative
 * errno with what was tried and why it failed in @err.
 */

/* Lists all management devices, as struct mgmtdev, into @list. */
int kernel_mgmtdevs(struct nl *nl, struct list *list, struct err *err);

/* Adds the one that @handle names to @list. */
int kernel_mgmtdev(struct nl *nl, const struct handle *handle, struct list *list, struct err *err);

/*
 * Fills what is absent otherwise of each struct mgmtdev of @list: what sysfs tells, and by one look
 * at all devices those that it created.
 */
int kernel_mgmtdev_details(struct nl *nl, struct list *list, struct err *err);

/* Frees the list with what was read for its management devices. */
void kernel_mgmtdevs_release(struct list *list);

/*
 * Lists all vDPA devices that have a management device, as struct dev, into @list: in the kernel's
 * order, but for those that it skipped because others were deleted meanwhile, which come last.
 */
int kernel_devs(struct nl *nl, struct list *list, struct err *err);

/*
 * The same, and looks at the vdpa bus for those without a management device, whose names become
 * items of @unmanaged.
 */
int kernel_devs_all(struct nl *nl, struct list *list, struct list *unmanaged, struct err *err);

/* Adds the one of this name to @list. */
int kernel_dev(struct nl *nl, const char *name, struct list *list, struct err *err);

/*
 * Whether this kernel reads all that is set in @dev: older ones skip attributes that they do not
 * know, and report success. Looks the family up if that was not done yet, and sends nothing else.
 * Returns -EOPNOTSUPP if it would skip some.
 */
int kernel_check_dev_new(struct nl *nl, const struct dev_new *dev, struct err *err);

/*
 * Waits until the kernel has done all that it was at work on for the bus. While a request is stuck,
 * it lets all others wait where no signal ends them, and carries them out afterwards even if their
 * senders have given up. So before something is changed, a request that changes nothing waits: it
 * asks for a management device without naming one. Returns as nl_do(), with the kernel's own words
 * in @err.
 */
int kernel_await_turn(struct nl *nl, struct err *err);

int kernel_dev_add(struct nl *nl, const struct dev_new *dev, struct err *err);
int kernel_dev_del(struct nl *nl, const char *name, struct err *err);

/* Deletes a device that the same command has made, after a signal as well. */
int kernel_dev_undo(struct nl *nl, const char *name, struct err *err);

/*
 * Sets the MAC address of a network device, and reads it back. A kernel shows the address only of
 * a device that offers the feature MAC; for another one @unseen is set, and nothing can be said of
 * the result.
 * -EOPNOTSUPP: this kernel cannot (before Linux 6.13), the device's driver cannot, or the kernel
 * said that it did and did not.
 */
int kernel_dev_set_mac(struct nl *nl, const char *name, const struct mac *mac, bool *unseen,
		       struct err *err);

/*
 * Lists configurations, as struct config, into @list, in the order of kernel_devs(): up to the
 * first device of a type that the kernel cannot describe. It drops that one and all behind it, and
 * says nothing, so ask for those by name.
 */
int kernel_configs(struct nl *nl, struct list *list, struct err *err);

/*
 * Adds the configuration of the device of this name to @list.
 * -EOPNOTSUPP: the kernel does not describe devices of this type.
 */
int kernel_config(struct nl *nl, const char *name, struct list *list, struct err *err);

/*
 * Called in their order: the negative errno that request @index failed with and @err, or 0 and
 * NULL.
 */
typedef void kernel_done(void *data, size_t index, int ret, const struct err *err);

/*
 * The same for the devices of these names, items of @names, whose requests are sent ahead of the
 * answers. Each that succeeds adds one to @list before @done is called for it.
 */
int kernel_configs_of(struct nl *nl, const struct list *names, struct list *list, kernel_done *done,
		      void *data, struct err *err);

/* One queue whose statistics are wanted. */
struct stats_request {
	const struct dev *dev;
	struct dev_stats *stats; /* gets the queue */
	uint32_t index;
};

/*
 * Asks for the statistics of all these queues at once.
 * @failed: called for each that the kernel has none of, with its own words in @err:
 * -EOPNOTSUPP for a driver without statistics, -EAGAIN for a device without a driver that has
 * negotiated, -ENODEV for one that has gone; -EINVAL or -ENODATA for a queue that is not used.
 * Returns 0, or a negative errno with @err filled when the kernel could not be asked.
 */
int kernel_stats(struct nl *nl, const struct stats_request *requests, size_t count,
		 void (*failed)(void *data, const struct stats_request *request, int ret,
				const struct err *err),
		 void *data, struct err *err);

/* Completes what kernel_stats() said of this queue, for people to read. */
void kernel_stats_explain(struct err *err, const struct dev *dev, uint32_t index);

#endif
