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

/* A management device as the kernel takes it: by bus and device, or without a bus. */
struct handle {
	const char *text;		/* "BUS/NAME" or "NAME", as the user gave it */
	char bus[32];			/* empty if there is none */
	char address[PCI_ADDRESS_SIZE]; /* on bus pci its name as the kernel has it, else empty */
};

/* The name without the bus. */
const char *handle_name(const struct handle *handle);

/*
 * Reads "BUS/NAME" or "NAME"; a bare PCI address means bus pci. Such an address is taken as lspci
 * prints it, without its domain as well.
 * Returns 0, or -EINVAL for more than one slash, an empty part or a bus too long.
 */
int handle_parse(const char *text, struct handle *handle);

/* Whether the kernel's "BUS/NAME" is what the user named. */
bool handle_matches(const struct handle *handle, const char *mgmtdev);

struct opt_handle {
	bool set;
	struct handle value;
};

/* Stands for being bound to no driver. */
#define DRIVER_NONE "none"

struct opt_driver {
	const char *name; /* a VDPA_DRIVER_... or DRIVER_NONE; NULL where none was given */
};

/* The driver as the kernel's side takes it: NULL where none was given, and for DRIVER_NONE. */
const char *driver_name(const struct opt_driver *driver);

/* A set of virtio device ids below 64, bit N for id N. */
struct class_set {
	uint64_t bits;
};

/* Writes the names of the classes into @text of @size bytes, with @separator between them. */
void class_set_format(const struct class_set *set, const char *separator, char *text, size_t size);

/* The one class of a set, or VIRTIO_TYPE_ANY where there are none or several. */
uint32_t class_set_single(const struct class_set *set);

/*
 * The class whose names feature bits have that hold for all classes of a set: net's where it is
 * among them, as in iproute2; otherwise as class_set_single().
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
	/* Absent unless asked for; strings belong to the list of the management device. */
	const char *driver, *parent; /* "BUS/NAME" */
	struct list devices;	     /* that it created: their names */
	uint32_t room;		     /* devices that it could still create */
};

enum dev_present {
	DEV_HAS_TYPE = 1,
	DEV_HAS_MGMTDEV,
	DEV_HAS_VENDOR_ID,
	DEV_HAS_MAX_VQS,
	DEV_HAS_MAX_VQ_SIZE,
	DEV_HAS_MIN_VQ_SIZE,
	DEV_HAS_MIN_VQ_SIZE_LIMIT, /* above 1, which is no limit */
	DEV_HAS_SOLE_DRIVER,	   /* shown without details: there is little else */
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

/* What lies behind a device, by the kernel's sysfs; strings belong to the device's list. */
struct topology {
	const char *driver;	     /* that it is bound to */
	const char *driver_override; /* the only one that may take it */
	const char *chardev;	     /* "/dev/vhost-vdpa-N" */
	const char *virtio;	     /* "virtioN" */
	const char *netdev;	     /* of that virtio device */
	const char *netns;	     /* its network namespace, if that is another one */
	const char *disk;	     /* of that virtio device: "vda" */
	const char *parent;	     /* "BUS/NAME" */
	struct list holders;	     /* of struct holder_row */
};

struct dev {
	const char *name; /* in the same allocation */
	const char
		*mgmtdev; /* "BUS/NAME" or "NAME", in the same allocation; empty if none made it */
	struct device_type type;
	uint32_t vendor_id;
	uint32_t max_vqs;
	uint16_t max_vq_size; /* entries */
	uint16_t min_vq_size; /* entries */
	uint32_t present;
	struct topology topology; /* absent unless asked for */
};

enum config_present {
	CONFIG_HAS_TYPE = 1,
	CONFIG_HAS_NEGOTIATED,
	CONFIG_HAS_FEATURES,
	CONFIG_HAS_U64_21, /* of the attribute that means two things, see the kernel's side */
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

/* What the kernel tells of a device's configuration space, and of its features. */
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

/* The features of a device at each stage; names and rows belong to others. */
struct dev_features {
	const char *name;
	struct device_type type;
	uint32_t present;
	struct feature_set supported;  /* by its management device */
	struct feature_set device;     /* offered by the device */
	struct feature_set negotiated; /* agreed with its driver */
};

/* A counter that a driver keeps for a queue; its name is the driver's, with blanks. */
struct counter {
	const char *name;
	uint64_t total; /* since the driver began */
	uint64_t value; /* what is shown: the total, or a rate */
};

#define COUNTER_KEY_SIZE 256

/* "rx packets" becomes "rx_packets"; the names are the driver's, so anything else stays. */
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
	const char *type; /* "rx", "tx" or "control", or NULL where it cannot be told */
	struct counters counters;
};

/* The statistics of a device's queues. */
struct dev_stats {
	const char *name; /* of the device, whose list owns it */
	struct device_type type;
	struct list queues; /* of struct queue_stats */
	bool failed;	    /* they could not be read */
};

/*
 * What a queue of a network device is for: virtio specification, "Network Device", "Virtqueues".
 * @negotiated: features agreed with the driver. @max_vqp: of the device, 0 if the kernel does not
 * say. @max_vqs: number of its queues.
 */
const char *net_queue_type(uint32_t index, uint64_t negotiated, uint32_t max_vqp, uint32_t max_vqs);

/* A number of virtqueue pairs. */
struct opt_pairs {
	bool set, max; /* max: as many as the management device has, to be looked up */
	uint16_t value;
};

/* The most pairs that fit into @max_vqs queues, a control queue beside them; at least one. */
uint16_t net_max_pairs(uint32_t max_vqs);

/* A device to be made, as "dev add" names it. */
struct dev_new {
	const char *name;
	struct opt_handle mgmtdev;
	struct opt_device_type type;
	struct opt_mac mac;
	struct opt_u16 mtu; /* bytes */
	struct opt_pairs max_vqp;
	struct opt_features device_features;
	struct opt_driver driver;
	struct opt_u32 owner, group, mode; /* of its node: numbers of accounts, permissions */
	struct opt_u16 wait;		   /* seconds, until what the driver makes of it is there */
	bool ensure;			   /* one that is there already will do */
};

/* What "dev add" did. */
struct dev_added {
	/*
	 * "add": the device was created; "same": it was there already, with all that was asked for;
	 * "bind": it was there already, and was bound to the driver asked for.
	 */
	const char *action;
};

enum happening_present {
	EVENT_HAS_TIME = 1,
	EVENT_HAS_DRIVER,
};

/* What happened to a device or management device; strings belong to others. */
struct event {
	struct timespec time; /* since 1970 */
	const char *event;    /* "add", "remove", "bind", "unbind" */
	const char *object;   /* "dev", "mgmtdev" */
	const char *name;
	const char *driver; /* that a device was bound to or unbound from */
};

#endif
