/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ABI_VFIO_H
#define ABI_VFIO_H

/*
 * VFIO, and the part of iommufd that opening a device needs. The numbers of these requests hold
 * neither size nor direction: instead, each struct begins with its size in bytes, as its sender
 * knows it.
 */
#include <asm/ioctl.h>
#include <stdint.h>

#define VFIO_CLASS	 "/sys/class/vfio-dev" /* one link for each device bound to a VFIO driver */
#define VFIO_GROUP_CLASS "/sys/class/vfio"
#define VFIO_NODES	 "/dev/vfio" /* nodes of IOMMU groups, by group number */
#define VFIO_CDEVS	 "/dev/vfio/devices"
#define VFIO_CONTAINER	 "/dev/vfio/vfio"
#define VFIO_NOIOMMU	 "noiommu-" /* prefix of a group's node that has no IOMMU protection */
#define IOMMUFD_NODE	 "/dev/iommu"

#define VFIO_IOCTL(number) _IO(';', 100 + (number))

/* Requests on a container. */
#define VFIO_GET_API_VERSION VFIO_IOCTL(0)
#define VFIO_CHECK_EXTENSION VFIO_IOCTL(1) /* argument: one of VFIO_IOMMU_... as a number */
#define VFIO_SET_IOMMU	     VFIO_IOCTL(2) /* the same */

#define VFIO_API_VERSION      0
#define VFIO_IOMMU_TYPE1      1
#define VFIO_IOMMU_SPAPR      2
#define VFIO_IOMMU_TYPE1_V2   3
#define VFIO_IOMMU_SPAPR_V2   7
#define VFIO_IOMMU_NOIOMMU_ID 8

/* Requests on a group. */
#define VFIO_GROUP_GET_STATUS VFIO_IOCTL(3)
#define VFIO_GROUP_SET_CONTAINER                                                                   \
	VFIO_IOCTL(4) /* argument: pointer to int32_t, the container's file descriptor */
/*
 * Argument: the device's name, and after it " vf_token=UUID" if the device needs a token. Returns a
 * file descriptor.
 */
#define VFIO_GROUP_GET_DEVICE_FD VFIO_IOCTL(6)

#define VFIO_GROUP_VIABLE	 1
#define VFIO_GROUP_CONTAINER_SET 2

struct vfio_group_status {
	uint32_t argsz, flags;
};

/* Requests on a device. */
#define VFIO_DEVICE_GET_INFO	    VFIO_IOCTL(7)
#define VFIO_DEVICE_GET_REGION_INFO VFIO_IOCTL(8)
#define VFIO_DEVICE_FEATURE	    VFIO_IOCTL(17)
#define VFIO_DEVICE_BIND_IOMMUFD    VFIO_IOCTL(18)

#define VFIO_DEVICE_IS_PCI 2 /* flag of struct vfio_device_info */

struct vfio_device_info {
	uint32_t argsz, flags;
	uint32_t num_regions, num_irqs;
	uint32_t cap_offset;
	uint32_t pad; /* absent in older kernels */
};

#define VFIO_BIND_TOKEN 1 /* flag of struct vfio_device_bind_iommufd */

struct vfio_device_bind_iommufd {
	uint32_t argsz, flags;
	int32_t iommufd;
	uint32_t out_devid;
	uint64_t token; /* address of 16 bytes */
};

_Static_assert(sizeof(struct vfio_device_bind_iommufd) == 24, "the kernel's size");

/* Size of the struct in kernels that know no token. */
#define VFIO_BIND_SHORT_SIZE 16

struct vfio_region_info {
	uint32_t argsz, flags;
	uint32_t index;
	uint32_t cap_offset; /* offset from the beginning of the struct; 0: there is none, or no
				room for it */
	uint64_t size, offset;
};

_Static_assert(sizeof(struct vfio_region_info) == 32, "the kernel's size");

/* Flags of a region, by their bits. */
#define VFIO_REGION_READ  0
#define VFIO_REGION_WRITE 1
#define VFIO_REGION_MMAP  2
#define VFIO_REGION_CAPS  3
/* Flags of alias regions, as proposed. */
#define VFIO_REGION_ALIAS 4
#define VFIO_REGION_WC	  5

struct vfio_cap_header {
	uint16_t id, version;
	uint32_t next; /* offset from the beginning of the region info; 0: the last one */
};

#define VFIO_REGION_CAP_SPARSE_MMAP   1
#define VFIO_REGION_CAP_TYPE	      2
#define VFIO_REGION_CAP_MSIX_MAPPABLE 3

struct vfio_cap_sparse_mmap {
	struct vfio_cap_header header;
	uint32_t count, reserved;
	/* As many pairs of offset and size follow, of 8 bytes each. */
};

struct vfio_cap_type {
	struct vfio_cap_header header;
	uint32_t type, subtype;
};

/* Indexes of a PCI device's fixed regions; the driver defines all later ones. */
#define VFIO_PCI_ROM	 6
#define VFIO_PCI_CONFIG	 7
#define VFIO_PCI_VGA	 8
#define VFIO_PCI_REGIONS 9

/* The low 16 bits of a feature's flags are its index. */
#define VFIO_FEATURE_GET   (UINT32_C(1) << 16)
#define VFIO_FEATURE_SET   (UINT32_C(1) << 17)
#define VFIO_FEATURE_PROBE (UINT32_C(1) << 18)

struct vfio_feature_header {
	uint32_t argsz, flags;
	/* The payload follows. */
};

enum vfio_feature {
	VFIO_PCI_VF_TOKEN,
	VFIO_MIGRATION,
	VFIO_MIG_DEVICE_STATE,
	VFIO_LOW_POWER_ENTRY,
	VFIO_LOW_POWER_ENTRY_WITH_WAKEUP,
	VFIO_LOW_POWER_EXIT,
	VFIO_DMA_LOGGING_START,
	VFIO_DMA_LOGGING_STOP,
	VFIO_DMA_LOGGING_REPORT,
	VFIO_MIG_DATA_SIZE,
	VFIO_BUS_MASTER,
	VFIO_INDEX_11, /* DMA_BUF, or as proposed ALIAS_REGION */
	VFIO_MIG_PRECOPY_INFO_V2,
	VFIO_ZPCI_ERROR,
};

/* Bits of the answer to a GET of VFIO_MIGRATION. */
#define VFIO_MIGRATION_STOP_COPY 0
#define VFIO_MIGRATION_P2P	 1
#define VFIO_MIGRATION_PRE_COPY	 2

/* Payloads of index 11, as DMA_BUF and as ALIAS_REGION. */
struct vfio_dma_buf {
	uint32_t region_index, open_flags, flags, nr_ranges;
};

struct vfio_alias_region {
	uint32_t flags; /* region flags that the alias has in addition; a probe sets the possible
			   ones */
	uint32_t index; /* which region to alias */
	uint32_t alias_index;
	uint32_t reserved1;
	uint64_t reserved2;
};

_Static_assert(sizeof(struct vfio_alias_region) == 24, "as proposed");

_Static_assert(VFIO_GET_API_VERSION == 0x3b64 && VFIO_GROUP_GET_DEVICE_FD == 0x3b6a &&
		       VFIO_DEVICE_GET_INFO == 0x3b6b && VFIO_DEVICE_FEATURE == 0x3b75 &&
		       VFIO_DEVICE_BIND_IOMMUFD == 0x3b76,
	       "the kernel's numbers");

#endif
