/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDUSE_MODEL_H
#define VDUSE_MODEL_H

#include "base/base.h"
#include "base/err.h"
#include "base/list.h"
#include "base/mac.h"
#include "base/num.h"
#include "virtio/features.h"

#include <sys/types.h>

/* The newest version of VDUSE's interface that this tool speaks. */
#define API_VERSION_TOOL 1

struct version {
	uint64_t kernel, tool;
};

/* VDUSE's own features, which have names of their own. */
struct vduse_features {
	uint64_t bits;
};

/* The name of a bit, written to @text as "bit_N" if it has none. */
const char *vduse_feature_name(unsigned int bit, char text[static VIRTIO_FEATURE_TEXT_SIZE]);

/* The name at this place in the list of all, or NULL after the last one. */
const char *vduse_feature_at(size_t index);

/* Reads names, bit_N and numbers, joined by commas. Returns 0 or a usage error. */
int vduse_features_parse(const char *word, uint64_t *bits, struct err *err);

/* Room for the names of all bits: "bit_63" and a comma for each, and some are longer. */
#define VDUSE_FEATURES_TEXT_SIZE 512

/* Writes the names of the bits, joined by commas. */
void vduse_features_format(uint64_t bits, char text[static VDUSE_FEATURES_TEXT_SIZE]);

/* Whether somebody has the node of a device open. */
enum dev_state {
	STATE_UNKNOWN, /* no holder is seen, but not all processes can be seen */
	STATE_ORPHAN,
	STATE_SERVED,
	STATES,
};

extern const char *const dev_state_names[STATES];

enum dev_present {
	DEV_HAS_TYPE = 1,
	DEV_HAS_HOLDER,
	DEV_HAS_DRIVER,
	DEV_HAS_VQS,
	DEV_HAS_MSG_TIMEOUT,
	DEV_HAS_BOUNCE_SIZE,
	DEV_HAS_AGE,
	DEV_HAS_QUEUES,
};

/* A virtqueue, as sysfs shows it. */
struct dev_queue {
	uint32_t index;
	const char *irq_cb_affinity; /* CPUs, such as 0-3,8; in the memory of the list */
};

struct dev {
	const char *name;    /* in the same allocation */
	const char *chardev; /* path of its node, in the same allocation */
	uint32_t present;
	enum dev_state state;
	uint32_t pid;	  /* of a process that serves it */
	char command[32]; /* of that process */
	bool attached;	  /* to the vdpa bus */
	char driver[32];  /* of the vdpa bus */
	struct device_type type;
	uint32_t vqs;
	uint32_t msg_timeout; /* seconds; 0: without limit */
	uint64_t bounce_size; /* bytes */
	uint64_t age;	      /* seconds */
	struct list queues;   /* of struct dev_queue, only with -d */
};

/* Frees what the devices of a list own, and the list. */
void devs_clear(struct list *devs);

enum vq_present {
	VQ_IS_SPLIT = 1,
	VQ_IS_PACKED,
};

/* A virtqueue, as the driver set it up. */
struct vq {
	uint32_t index;
	uint32_t size; /* entries; 0 until the driver has set it up */
	bool ready;
	uint64_t desc, driver, device; /* addresses */
	uint16_t avail_index;
	uint16_t last_avail_counter, last_avail_index, last_used_counter, last_used_index;
	uint32_t present;
};

enum iotlb_present {
	IOTLB_HAS_ASID = 1,
};

/* A mapping of the driver's memory. */
struct iotlb {
	uint32_t asid; /* address space */
	uint64_t start, last;
	uint64_t capability;
	uint32_t present;
};

/* The configuration space of a new device. */
struct config_space {
	const char *word; /* a file, or hex: and bytes; NULL: built from the other arguments */
	uint8_t *bytes;	  /* at most a page */
	size_t size;
};

/* A driver of the vdpa bus, or "none"; NULL for the one that the bus chooses. */
struct opt_driver {
	const char *name;
};

/* A device to be created, and its arguments. A value that is not "set" holds the default. */
struct dev_new {
	const char *name;
	struct opt_device_type type;
	struct opt_u32 vendor_id;
	struct opt_features features;
	struct opt_u16 vqs;
	struct opt_u16 vq_size; /* entries */
	struct opt_u32 vq_align;
	struct opt_u16 groups;
	struct opt_u16 as; /* address spaces */
	struct opt_u16 api_version;
	struct vduse_features vduse_features;
	struct config_space config;
	struct opt_mac mac;
	struct opt_u16 mtu;	    /* bytes */
	struct opt_u64 capacity;    /* sectors of 512 bytes */
	struct opt_u32 msg_timeout; /* seconds */
	struct opt_u64 bounce_size; /* bytes */
	bool attach;
	struct opt_driver driver;
};

/* CPUs, bit N of word N / 64. */
#define CPUS_MAX       1024
/* Room for a list or a mask: each CPU takes at most four digits and a comma. */
#define CPUS_TEXT_SIZE (5 * CPUS_MAX)
struct cpus {
	uint64_t bits[CPUS_MAX / 64];
};

/*
 * Reads numbers and ranges joined by commas, such as 0-3,8; or a mask, which begins with 0x or has
 * words of eight digits joined by commas. Returns 0, -EINVAL or -ERANGE.
 */
int cpus_parse(const char *word, struct cpus *cpus);

/*
 * Reads a mask as the kernel writes it: hexadecimal words of 32 bits, joined by commas, the highest
 * first. -ERANGE: it has CPUs from CPUS_MAX on.
 */
int cpus_parse_mask(const char *text, struct cpus *cpus);

void cpus_format(const struct cpus *cpus, char text[static CPUS_TEXT_SIZE]);
void cpus_format_mask(const struct cpus *cpus, char text[static CPUS_TEXT_SIZE]);

#endif
