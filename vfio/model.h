/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_MODEL_H
#define VFIO_MODEL_H

#include "base/err.h"
#include "base/holder-row.h"
#include "base/list.h"
#include "base/num.h"
#include "base/uuid.h"

/* Whether somebody has a device open. */
enum dev_state {
	DEV_UNKNOWN, /* no holder is seen, but not all processes can be seen */
	DEV_FREE,
	DEV_HELD,
};

/* A device with a VFIO driver, or a virtual function, which may have another driver. */
struct dev {
	const char *name; /* on its bus: the PCI address */
	const char *vfio; /* VFIO's name for it: vfioN; NULL if VFIO does not serve it */
	const char *path; /* of its directory in sysfs */
	const char *driver, *group_node, *cdev, *physfn;
	uint32_t iommu_group;
	enum dev_state state;
	struct list holders; /* of struct holder_row */
	uint32_t present;
};

enum dev_present {
	DEV_HAS_DRIVER = HAS_ALWAYS + 1,
	DEV_HAS_GROUP,
	DEV_HAS_GROUP_NODE,
	DEV_HAS_CDEV,
	DEV_HAS_PHYSFN, /* it is a virtual function of that device */
	DEV_HAS_HOLDERS,
};

/* Frees a list of struct dev. */
void devs_clear(struct list *devs);

/* How a device is opened. */
enum open_method {
	OPEN_BY_ANY,	   /* by iommufd if the kernel can, else by group and container */
	OPEN_BY_IOMMUFD,   /* by the device's own node, which is bound to an iommufd */
	OPEN_BY_CONTAINER, /* by the node of its group, which is put into a container */
};

struct opt_uuid {
	bool set;
	struct uuid value;
};

/* Features of a device. Those below FEATURE_KNOWN have names; the others are shown by number. */
#define FEATURE_KNOWN	  14
#define FEATURE_SHOW_MAX  31 /* the last index that "feature show" probes */
#define FEATURE_NAME_SIZE 32

/* The two meanings of index 11: see kernel-alias.h. */
enum index_11 {
	INDEX_11_NONE,
	INDEX_11_DMA_BUF,
	INDEX_11_ALIAS_REGION,
};

struct device_feature {
	uint16_t index;
	char name[FEATURE_NAME_SIZE];
	bool present; /* the device has it at all */
	bool get, set;
	const char *meaning; /* a line; NULL if the feature is unknown */
	uint32_t has;	     /* enum feature_present */
};

enum feature_present {
	FEATURE_HAS_GET = HAS_ALWAYS + 1,
	FEATURE_HAS_SET,
	FEATURE_HAS_MEANING,
};

/* Fills index, name and meaning. @kind: the meaning of index 11. @numeric: without names. */
void feature_describe(struct device_feature *feature, uint16_t index, enum index_11 kind,
		      bool numeric);

/* The name and the meaning of the n-th feature, for completion; NULL after the last one. */
const char *feature_name_at(size_t n);
const char *feature_meaning_at(size_t n);

/*
 * Finds the index of a feature that is given by name or as a number from 0 to 65535.
 * @kind: set to the feature of index 11 that the name means, or to INDEX_11_NONE.
 * Returns 0, -ENOENT (no such name) or -ERANGE.
 */
int feature_parse(const char *word, uint16_t *index, enum index_11 *kind);

/*
 * Explains why it is useless to get or set this feature in a process that ends right afterwards;
 * NULL if it is not. The text continues a sentence that begins with the feature's name.
 * @kind: the feature of index 11 that is meant.
 */
const char *feature_why_not(uint16_t index, enum index_11 kind, bool set);

/* Warns that this setting ends with the process, continuing a sentence as above; or NULL. */
const char *feature_caveat(uint16_t index);

struct device_features {
	struct list list; /* of struct device_feature */
	bool has_migration;
	uint64_t migration;  /* bits of VFIO_MIGRATION */
	int migration_errno; /* the errno that came in place of the bits, or 0 */
	bool logs_dma;	     /* the device can log which memory it writes while it migrates */
	char verdict[192];
};

/* Writes the verdict: whether the device can migrate, and how. */
void features_judge(struct device_features *features);

/* Regions */

struct area {
	uint64_t offset, size; /* bytes, from the start of the region */
};

struct region {
	uint32_t index;
	char name[24];
	uint32_t flags;
	uint64_t size, offset; /* bytes; the offset is into the device's file */
	uint64_t cap_bits;     /* capabilities by their ids, those below 64 */
	struct list areas;     /* of struct area: the parts that can be mapped */
	uint32_t type, subtype;
	char of[24];	      /* the region of which this one is an alias */
	bool alias;	      /* the region can have an alias */
	uint32_t alias_flags; /* the flags that such an alias can have */
	uint32_t present;
};

enum region_present {
	REGION_HAS_AREAS = HAS_ALWAYS + 1,
	REGION_HAS_TYPE,
	REGION_HAS_OF,
	REGION_HAS_ALIAS_FLAGS,
};

/* The names of a region's flags and capabilities; a bit without a name is written to @text. */
#define BIT_TEXT_SIZE 16
const char *region_flag_name(unsigned int bit, char text[static BIT_TEXT_SIZE]);
const char *region_cap_name(unsigned int id, char text[static BIT_TEXT_SIZE]);
const char *migration_flag_name(unsigned int bit, char text[static BIT_TEXT_SIZE]);

/* Fills the name from the index. @pci: the first regions of a PCI device have fixed meanings. */
void region_describe(struct region *region, bool pci);

/* Reads "bar0", "rom", "config", "vga", "region_9" or a number. Returns 0 or -EINVAL. */
int region_parse(const char *word, uint32_t *index);

/*
 * Decodes a region info with its capabilities. Nothing in it is trusted: what makes no sense is
 * left out.
 * @info: from the kernel, of @size bytes. Returns 0 or -ENOMEM.
 */
int region_decode(const void *info, size_t size, struct region *region);

/* Frees a list of struct region. */
void regions_clear(struct list *regions);

#endif
