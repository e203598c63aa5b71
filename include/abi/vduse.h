/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ABI_VDUSE_H
#define ABI_VDUSE_H

/*
 * VDUSE: the requests on /dev/vduse/control and on /dev/vduse/NAME, with the kernel's names.
 * Numbers are in the byte order of the machine.
 */
#include <asm/ioctl.h>
#include <stddef.h>
#include <stdint.h>

#define VDUSE_CLASS	    "/sys/class/vduse"
#define VDUSE_NODES	    "/dev/vduse"
#define VDUSE_CONTROL	    "control" /* no device can have this name */
#define VDUSE_MGMTDEV	    "vduse"
#define VDUSE_NAME_SIZE	    256
#define VDUSE_BOUNCE_MIN    (UINT64_C(1) << 20)
#define VDUSE_BOUNCE_MAX    (UINT64_C(1) << 30)
#define VDUSE_IOCTL	    0x81
#define VDUSE_API_VERSION_0 0
#define VDUSE_API_VERSION_1 1 /* groups of virtqueues, address spaces */
#define VDUSE_GROUPS_MAX    65535
#define VDUSE_VQS_MAX	    65535

/* Bits of VDUSE's own features. */
#define VDUSE_F_QUEUE_READY 0
#define VDUSE_F_SUSPEND	    1

struct vduse_dev_config {
	char name[VDUSE_NAME_SIZE];
	uint32_t vendor_id;
	uint32_t device_id;
	uint64_t features; /* virtio features */
	uint32_t vq_num;
	uint32_t vq_align;
	uint32_t ngroups; /* version 0: zero */
	uint32_t nas;	  /* address spaces; version 0: zero */
	/*
	 * Only for kernels that take VDUSE's features here instead of by VDUSE_SET_FEATURES. All
	 * other kernels require zero.
	 */
	uint64_t vduse_features;
	uint32_t reserved[9];
	uint32_t config_size;
	uint8_t config[]; /* of config_size bytes */
};

_Static_assert(sizeof(struct vduse_dev_config) == 336, "VDUSE_CREATE_DEV encodes this size");
_Static_assert(offsetof(struct vduse_dev_config, vduse_features) == 288, "after nas");
_Static_assert(offsetof(struct vduse_dev_config, config_size) == 332, "the last word");

struct vduse_vq_config {
	uint32_t index;
	uint16_t max_size; /* entries */
	uint16_t reserved1;
	uint32_t group; /* version 0: zero */
	uint16_t reserved2[10];
};

_Static_assert(sizeof(struct vduse_vq_config) == 32, "VDUSE_VQ_SETUP encodes this size");

struct vduse_vq_info {
	uint32_t index; /* asked for */
	uint32_t num;	/* entries, as the driver chose; 0: not yet chosen */
	uint64_t desc_addr, driver_addr, device_addr;
	union {
		uint16_t avail_index; /* of a split queue */
		struct {
			uint16_t last_avail_counter, last_avail_index;
			uint16_t last_used_counter, last_used_index;
		} packed;
	};
	uint8_t ready;
};

/* i386 aligns 64-bit members at 4 bytes, so the struct has no padding at its end there. */
#define VDUSE_VQ_INFO_SIZE (_Alignof(uint64_t) < 8 ? 44 : 48)
_Static_assert(sizeof(struct vduse_vq_info) == VDUSE_VQ_INFO_SIZE,
	       "VDUSE_VQ_GET_INFO encodes this size");

struct vduse_iova_info {
	uint64_t start, last; /* in: the range to search; out: the first region found */
	uint64_t capability;
	uint32_t asid; /* version 0: zero */
	uint32_t reserved[5];
};

_Static_assert(sizeof(struct vduse_iova_info) == 48, "VDUSE_IOTLB_GET_INFO encodes this size");

/* Bit of vduse_iova_info's capability: the serving program may register its own memory there. */
#define VDUSE_IOVA_CAP_UMEM 0

struct vduse_iotlb_entry_v2 {
	uint64_t offset, start, last;
	uint8_t permission;
	uint8_t padding[7];
	uint32_t asid;
	uint32_t reserved[11];
};

_Static_assert(sizeof(struct vduse_iotlb_entry_v2) == 80, "VDUSE_IOTLB_GET_FD2 encodes this size");

/*
 * A request of the kernel, which the serving program reads from the device's node, and its
 * response, which the program writes to it.
 */
struct vduse_dev_request {
	uint32_t type;
	uint32_t request_id;
	uint32_t reserved[4];
	uint32_t payload[32]; /* depends on the type */
};

struct vduse_dev_response {
	uint32_t request_id;
	uint32_t result;
	uint32_t reserved[4]; /* zero */
	uint32_t payload[32]; /* depends on the type of the request */
};

#define VDUSE_REQ_RESULT_OK 0

_Static_assert(sizeof(struct vduse_dev_request) == 152, "the kernel rejects shorter reads");
_Static_assert(sizeof(struct vduse_dev_response) == 152, "the kernel rejects shorter writes");

/* Requests on the control node. */
#define VDUSE_GET_API_VERSION _IOR(VDUSE_IOCTL, 0x00, uint64_t)
#define VDUSE_SET_API_VERSION _IOW(VDUSE_IOCTL, 0x01, uint64_t)
#define VDUSE_CREATE_DEV      _IOW(VDUSE_IOCTL, 0x02, struct vduse_dev_config)
#define VDUSE_DESTROY_DEV     _IOW(VDUSE_IOCTL, 0x03, char[VDUSE_NAME_SIZE])
#define VDUSE_GET_FEATURES    _IOR(VDUSE_IOCTL, 0x04, uint64_t)
#define VDUSE_SET_FEATURES    _IOW(VDUSE_IOCTL, 0x05, uint64_t)

/* Requests on the node of a device. */
#define VDUSE_DEV_GET_FEATURES _IOR(VDUSE_IOCTL, 0x11, uint64_t)
#define VDUSE_VQ_SETUP	       _IOW(VDUSE_IOCTL, 0x14, struct vduse_vq_config)
#define VDUSE_VQ_GET_INFO      _IOWR(VDUSE_IOCTL, 0x15, struct vduse_vq_info)
#define VDUSE_IOTLB_GET_INFO   _IOWR(VDUSE_IOCTL, 0x1a, struct vduse_iova_info)
#define VDUSE_IOTLB_GET_FD2    _IOWR(VDUSE_IOCTL, 0x1b, struct vduse_iotlb_entry_v2)

/* Some architectures use other bits for the direction, so only the common encoding is checked. */
#if _IOC_WRITE == 1
_Static_assert(VDUSE_GET_API_VERSION == 0x80088100 && VDUSE_SET_API_VERSION == 0x40088101 &&
		       VDUSE_CREATE_DEV == 0x41508102 && VDUSE_DESTROY_DEV == 0x41008103 &&
		       VDUSE_GET_FEATURES == 0x80088104 && VDUSE_SET_FEATURES == 0x40088105,
	       "the kernel's numbers on the control node");
_Static_assert(VDUSE_DEV_GET_FEATURES == 0x80088111 && VDUSE_VQ_SETUP == 0x40208114 &&
		       VDUSE_VQ_GET_INFO == (0xc0008115 | VDUSE_VQ_INFO_SIZE << 16) &&
		       VDUSE_IOTLB_GET_INFO == 0xc030811a && VDUSE_IOTLB_GET_FD2 == 0xc050811b,
	       "the kernel's numbers on a device's node");
#endif

#endif
