/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_MODEL_H
#define VDPA_MODEL_H

#include "base/base.h"
#include "base/holder-row.h"
#include "base/list.h"
#include "base/mac.h"
#include "base/num.h"
#include "base/pci.h"
#include "virtio/features.h"

#include <time.h>

/* A management device as a request to the kernel names it: by bus and device, or without a bus. */
struct handle {
	const char *text;		/* "BUS/NAME" or "NAME", as the user gave it */
	char bus[32];			/* empty if there is none */
	char address[PCI_ADDRESS_SIZE]; /* on bus pci: the name in the kernel's form; else empty */
};

/* Returns the name without the bus. */
const char *handle_name(const struct handle *handle);

/*
 * Reads "BUS/NAME" or "NAME"; a bare PCI address means bus pci. An address may lack its domain, as
 * lspci prints it. @handle keeps a pointer to @text.
 * Returns 0, or -EINVAL for more than one slash, an empty part or a bus that is too long.
 */
int handle_parse(const char *text, struct handle *handle);

/* Returns whether @mgmtdev, the kernel's "BUS/NAME", is the one that the user named. */
bool handle_matches(const struct handle *handle, const char *mgmtdev);

struct opt_handle {
	bool set;
	struct handle value;
};

/* The word that asks for a device without a driver. */
#define DRIVER_NONE "none"

struct opt_driver {
	const char *name; /* a VDPA_DRIVER_... or DRIVER_NONE; NULL: the word was not given */
};

/* Returns the name of the driver; NULL for DRIVER_NONE, and where none was given. */
const char *driver_name(const struct opt_driver *driver);

/* A set of virtio device ids below 64, bit N for id N. */
struct class_set {
	uint64_t bits;
};

/* Writes the names of the classes into @text of @size bytes, with @separator between them. */
void class_set_format(const struct class_set *set, const char *separator, char *text, size_t size);

/* Returns the only class of a set, or VIRTIO_TYPE_ANY if it has none or several. */
uint32_t class_set_single(const struct class_set *set);

/*
 * Returns the class by which the feature bits of a management device are named: net if it is in the
 * set, as in iproute2; otherwise as class_set_single().
 */
uint32_t class_set_names(const struct class_set *set);

enum mgmtdev_present {
	MGMTDEV_HAS_CLASSES = 1,
	MGMTDEV_HAS_MAX_VQS,
	MGMTDEV_HAS_FEATURES,
	MGMTDEV_HAS_DRIVER,
	MGMTDEV_HAS_PARENT,
	MGMTDEV_HAS_DEVICES,
	MGMTDEV_HAS_ROOM,
};

struct mgmtdev {
	const char *name; /* "BUS/NAME" or "NAME", in the same allocation */
	struct class_set classes;
	struct feature_set features;
	uint32_t max_vqs;
	uint32_t present;
	/* Filled by kernel_mgmtdev_details() alone; the list of management devices owns strings. */
	const char *driver, *parent; /* the parent as "BUS/NAME" */
	struct list devices;	     /* the names of the devices that it created */
	uint32_t room;		     /* how many more devices it can create */
};

enum dev_present {
	DEV_HAS_TYPE = 1,
	DEV_HAS_MGMTDEV,
	DEV_HAS_VENDOR_ID,
	DEV_HAS_MAX_VQS,
	DEV_HAS_MAX_VQ_SIZE,
	DEV_HAS_MIN_VQ_SIZE,
	DEV_HAS_MIN_VQ_SIZE_LIMIT, /* the minimum is above 1: it is a limit, so always shown */
	DEV_HAS_SOLE_DRIVER,	   /* an unmanaged device: its driver is shown without -d too */
	DEV_HAS_DRIVER,
	DEV_HAS_DRIVER_OVERRIDE,
	DEV_HAS_CHARDEV,
	DEV_HAS_VIRTIO,
	DEV_HAS_NETDEV,
	DEV_HAS_NETNS,
	DEV_HAS_DISK,
	DEV_HAS_PARENT,
	DEV_HAS_HOLDERS,
};

/* How sysfs connects a device to drivers, nodes and interfaces; its list owns the strings. */
struct topology {
	const char *driver;	     /* the driver that it is bound to */
	const char *driver_override; /* the only driver that may bind it */
	const char *chardev;	     /* "/dev/vhost-vdpa-N" */
	const char *virtio;	     /* "virtioN" */
	const char *netdev;	     /* the interface of that virtio device */
	const char *netns;	     /* the interface's network namespace, if it is not ours */
	const char *disk;	     /* the disk of that virtio device: "vda" */
	const char *parent;	     /* "BUS/NAME" */
	struct list holders;	     /* of struct holder_row */
};

struct dev {
	const char *name;    /* in the same allocation */
	const char *mgmtdev; /* "BUS/NAME" or "NAME", in the same allocation; empty: unmanaged */
	struct device_type type;
	uint32_t vendor_id;
	uint32_t max_vqs;
	uint16_t max_vq_size; /* entries */
	uint16_t min_vq_size; /* entries */
	uint32_t present;
	struct topology topology; /* filled by the topology_...() functions alone */
};

enum config_present {
	CONFIG_HAS_TYPE = 1,
	CONFIG_HAS_NEGOTIATED,
	CONFIG_HAS_FEATURES,
	CONFIG_HAS_AMBIGUOUS_21, /* attribute 21: features of Linux 6.1, or a capacity */
	CONFIG_HAS_CAPACITY,
	CONFIG_HAS_MAC,
	CONFIG_HAS_STATUS,
	CONFIG_HAS_MAX_VQP,
	CONFIG_HAS_MTU,
	CONFIG_HAS_SIZE_MAX,
	CONFIG_HAS_BLK_SIZE,
	CONFIG_HAS_SEG_MAX,
	CONFIG_HAS_NUM_QUEUES,
	CONFIG_HAS_PHYSICAL_BLOCK_EXP,
	CONFIG_HAS_ALIGNMENT_OFFSET,
	CONFIG_HAS_MIN_IO_SIZE,
	CONFIG_HAS_OPT_IO_SIZE,
	CONFIG_HAS_MAX_DISCARD_SECTORS,
	CONFIG_HAS_MAX_DISCARD_SEG,
	CONFIG_HAS_DISCARD_ALIGNMENT,
	CONFIG_HAS_MAX_WRITE_ZEROES_SECTORS,
	CONFIG_HAS_MAX_WRITE_ZEROES_SEG,
	CONFIG_HAS_READ_ONLY,
	CONFIG_HAS_FLUSH,
};

/* Bits of a network device's status field. */
struct net_status {
	uint16_t bits;
};

/* A device's configuration space and features, as far as the kernel reports them. */
struct config {
	const char *name; /* in the same allocation */
	struct device_type type;
	uint32_t present;
	struct feature_set features;   /* offered by the device */
	struct feature_set negotiated; /* agreed with its driver */
	struct mac mac;
	struct net_status status;
	uint16_t max_vq_pairs;
	uint16_t mtu;	   /* bytes */
	uint64_t capacity; /* sectors of 512 bytes */
	uint32_t size_max, seg_max, blk_size;
	uint16_t num_queues;
	uint8_t physical_block_exp, alignment_offset;
	uint16_t min_io_size;
	uint32_t opt_io_size;
	uint32_t max_discard_sectors, max_discard_seg, discard_sector_alignment;
	uint32_t max_write_zeroes_sectors, max_write_zeroes_seg;
	uint8_t read_only, flush;
};

enum dev_features_present {
	DEV_FEATURES_HAS_SUPPORTED = 1,
	DEV_FEATURES_HAS_DEVICE,
	DEV_FEATURES_HAS_NEGOTIATED,
};

/* The features of a device at each stage of its life. The name is borrowed from its struct dev. */
struct dev_features {
	const char *name;
	struct device_type type;
	uint32_t present;
	struct feature_set supported;  /* what its management device can offer */
	struct feature_set device;     /* offered by the device */
	struct feature_set negotiated; /* agreed with its driver */
};

/* A counter that a driver keeps for a queue. The driver chooses the name, which may have blanks. */
struct counter {
	const char *name;
	uint64_t total; /* since the driver started to count */
	uint64_t value; /* the number to show: the total, or a rate per second */
};

#define COUNTER_KEY_SIZE 256

/* Turns "rx packets" into "rx_packets". Names are no fixed ABI, so nothing else is changed. */
void counter_key(const char *name, char key[static COUNTER_KEY_SIZE]);

enum queue_stats_present {
	QUEUE_STATS_HAS_TYPE = 1,
	QUEUE_STATS_HAS_NEGOTIATED,
	QUEUE_STATS_HAS_MAX_VQP,
};

struct counters {
	size_t count;
	struct counter *counters; /* in the same allocation as what holds this */
};

/* The statistics of a queue. */
struct queue_stats {
	uint32_t index;
	const char *type; /* "rx", "tx" or "control"; NULL: unknown */
	struct counters counters;
};

/* The statistics of a device's queues. */
struct dev_stats {
	const char *name; /* borrowed from the struct dev */
	struct device_type type;
	struct list queues; /* of struct queue_stats */
	bool failed;	    /* some could not be read */
};

/*
 * Returns the purpose of a queue of a network device, "rx", "tx" or "control": virtio
 * specification, "Network Device", "Virtqueues".
 * @negotiated: features agreed with the driver. @max_vqp: pairs of the device, 0 if the kernel does
 * not report them. @max_vqs: number of its queues.
 */
const char *net_queue_type(uint32_t index, uint64_t negotiated, uint32_t max_vqp, uint32_t max_vqs);

/* A number of virtqueue pairs. */
struct opt_pairs {
	bool set, max; /* max: as many as the management device has; add_resolve() fills value */
	uint16_t value;
};

/* Returns how many pairs fit into @max_vqs queues, one of which controls; at least one. */
uint16_t net_max_pairs(uint32_t max_vqs);

/* A device to be created, as the words of "dev add" describe it. */
struct dev_new {
	const char *name;
	struct opt_handle mgmtdev;
	struct opt_device_type type;
	struct opt_mac mac;
	struct opt_u16 mtu; /* bytes */
	struct opt_pairs max_vqp;
	struct opt_features device_features;
	struct opt_driver driver;
	struct opt_u32 owner, group, mode; /* of its node: user id, group id, permissions */
	struct opt_u16 wait;		   /* seconds to wait for its node, interface or disk */
	bool ensure;			   /* succeed if a matching device exists already */
};

/* The result of "dev add". */
struct dev_added {
	/*
	 * "add": the device was created; "same": it existed already and matched; "bind": it existed
	 * already without a driver, and was bound to the one asked for.
	 */
	const char *action;
};

enum event_present {
	EVENT_HAS_TIME = 1,
	EVENT_HAS_DRIVER,
};

/* An event of a device or management device. The strings are borrowed. */
struct event {
	struct timespec time; /* since 1970 */
	const char *event;    /* "add", "remove", "bind", "unbind" */
	const char *object;   /* "dev", "mgmtdev" */
	const char *name;
	const char *driver; /* the driver that the device was bound to or unbound from */
};

#endif
