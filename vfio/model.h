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
	DEV_UNKNOWN, /* nobody that can be seen, but not all processes can be */
	DEV_FREE,
	DEV_HELD,
};

/* A device that a driver of VFIO serves, or a virtual function that may have another driver. */
struct dev {
	const char *name; /* on its bus: the PCI address */
	const char *vfio; /* among VFIO's devices: vfioN; NULL where VFIO does not serve it */
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

/* Which way a device is opened. */
enum dev_way {
	WAY_ANY, /* by iommufd where that can be, else by its group and a container */
	WAY_IOMMUFD,
	WAY_CONTAINER,
};

struct opt_uuid {
	bool set;
	struct uuid value;
};

/* Features of a device. Those that are known here have a row; all others have but their index. */
#define FEATURE_KNOWN	  14
#define FEATURE_SHOW_MAX  31 /* as far as they are looked for */
#define FEATURE_NAME_SIZE 32

/* What index 11 means to a kernel; numbers are shared by what came into it and what did not. */
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
	const char *meaning; /* a line, or NULL of an unknown one */
	uint32_t has;	     /* enum feature_present */
};

enum feature_present {
	FEATURE_HAS_GET = HAS_ALWAYS + 1,
	FEATURE_HAS_SET,
	FEATURE_HAS_MEANING,
};

/* Fills index, name and meaning. @kind: of index 11. @numeric: without names. */
void feature_describe(struct device_feature *feature, uint16_t index, enum index_11 kind,
		      bool numeric);

/* The name of the n-th feature for completion, and its meaning; NULL behind the last one. */
const char *feature_name_at(size_t n);
const char *feature_meaning_at(size_t n);

/*
 * Finds the index of a feature's name, or of a number from 0 to 65535.
 * @kind: set to which one of index 11 the name is, or to INDEX_11_NONE.
 * Returns 0, -ENOENT (no such name) or -ERANGE.
 */
int feature_parse(const char *word, uint16_t *index, enum index_11 *kind);

/*
 * Why asking for the value, or setting it, makes no sense for a process that ends thereafter; NULL
 * where it does. What is said stands behind the feature's name.
 * @kind: which one of index 11 is meant.
 */
const char *feature_why_not(uint16_t index, enum index_11 kind, bool set);

/* What does not outlive the process, though it can be set; NULL where it does. */
const char *feature_passing(uint16_t index);

struct device_features {
	struct list list; /* of struct device_feature */
	bool has_migration;
	uint64_t migration; /* bits of VFIO_MIGRATION */
	int untold;	    /* the errno that came in their place, or 0 */
	bool logs_dma;	    /* the device can tell what it wrote to while it is moved */
	char verdict[192];
};

/* Writes the verdict: can the device migrate, and how. */
void features_judge(struct device_features *features);

/* Regions */

struct area {
	uint64_t offset, size; /* bytes, from the region's beginning on */
};

struct region {
	uint32_t index;
	char name[24];
	uint32_t flags;
	uint64_t size, offset; /* bytes; the offset is into the device's file */
	uint64_t cap_bits;     /* capabilities by their ids, those below 64 */
	struct list areas;     /* of struct area: all that can be mapped */
	uint32_t type, subtype;
	char of[24];	      /* the region that it is an alias of */
	bool alias;	      /* it can have one */
	uint32_t alias_flags; /* and that may have these besides */
	uint32_t present;
};

enum region_present {
	REGION_HAS_AREAS = HAS_ALWAYS + 1,
	REGION_HAS_TYPE,
	REGION_HAS_OF,
	REGION_HAS_ALIAS_FLAGS,
};

/* The name of a region's flag, and of a capability; @text: room for one that has none. */
#define BIT_TEXT_SIZE 16
const char *region_flag_name(unsigned int bit, char text[static BIT_TEXT_SIZE]);
const char *region_cap_name(unsigned int id, char text[static BIT_TEXT_SIZE]);
const char *migration_flag_name(unsigned int bit, char text[static BIT_TEXT_SIZE]);

/* Fills the name from the index; @pci: of a device whose first ones have their fixed meaning. */
void region_describe(struct region *region, bool pci);

/*
 * Reads "bar0", "rom", "config", "vga", "region_9" or a number. Returns 0 or -EINVAL.
 */
int region_parse(const char *word, uint32_t *index);

/*
 * Takes a region info with its capabilities apart; nothing in it is trusted.
 * @info: as the kernel left it, of @size bytes. Returns 0 or -ENOMEM; what makes no sense is left
 * out.
 */
int region_decode(const void *info, size_t size, struct region *region);

/* Frees a list of struct region. */
void regions_clear(struct list *regions);

#endif
