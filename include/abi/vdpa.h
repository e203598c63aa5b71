/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ABI_VDPA_H
#define ABI_VDPA_H

/* The bus in sysfs, and the drivers that its devices can be bound to. */
#define VDPA_BUS	   "/sys/bus/vdpa"
#define VDPA_DRIVER_VHOST  "vhost_vdpa"
#define VDPA_DRIVER_VIRTIO "virtio_vdpa"

/*
 * Size of a buffer for a path that holds a device name of 255 bytes. Longer paths are truncated,
 * and a truncated path names no file.
 */
#define VDPA_PATH_SIZE 512

/*
 * The generic netlink family "vdpa", version 1: the numbers that this suite uses, with the kernel's
 * names. Its messages have no user header after the generic netlink header.
 */
#define VDPA_GENL_NAME	  "vdpa"
#define VDPA_GENL_VERSION 1

enum vdpa_command {
	VDPA_CMD_MGMTDEV_NEW = 1, /* replies only */
	VDPA_CMD_MGMTDEV_GET = 2,
	VDPA_CMD_DEV_NEW = 3, /* also the reply to DEV_GET */
	VDPA_CMD_DEV_DEL = 4,
	VDPA_CMD_DEV_GET = 5,
	VDPA_CMD_DEV_CONFIG_GET = 6,
	VDPA_CMD_DEV_VSTATS_GET = 7,
	VDPA_CMD_DEV_ATTR_SET = 8, /* since Linux 6.13 */
};

enum vdpa_attribute {
	VDPA_ATTR_PAD = 0,
	VDPA_ATTR_MGMTDEV_BUS_NAME = 1,		 /* string, only if there is a bus */
	VDPA_ATTR_MGMTDEV_DEV_NAME = 2,		 /* string */
	VDPA_ATTR_MGMTDEV_SUPPORTED_CLASSES = 3, /* u64, bit N for virtio device id N */
	VDPA_ATTR_DEV_NAME = 4,			 /* string */
	VDPA_ATTR_DEV_ID = 5,			 /* u32, virtio device id */
	VDPA_ATTR_DEV_VENDOR_ID = 6,		 /* u32 */
	VDPA_ATTR_DEV_MAX_VQS = 7,		 /* u32 */
	VDPA_ATTR_DEV_MAX_VQ_SIZE = 8,		 /* u16 */
	VDPA_ATTR_DEV_MIN_VQ_SIZE = 9,		 /* u16 */
	VDPA_ATTR_DEV_NET_CFG_MACADDR = 10,	 /* 6 bytes */
	VDPA_ATTR_DEV_NET_STATUS = 11,		 /* u16, bits VIRTIO_NET_S_ */
	VDPA_ATTR_DEV_NET_CFG_MAX_VQP = 12,	 /* u16 */
	VDPA_ATTR_DEV_NET_CFG_MTU = 13,		 /* u16, at least 68 */
	VDPA_ATTR_DEV_NEGOTIATED_FEATURES = 14,	 /* u64, once the driver has agreed to them */
	VDPA_ATTR_DEV_MGMTDEV_MAX_VQS = 15,	 /* u32 */
	VDPA_ATTR_DEV_SUPPORTED_FEATURES = 16,	 /* u64, of a management device */
	VDPA_ATTR_DEV_QUEUE_INDEX = 17,		 /* u32 */
	VDPA_ATTR_DEV_VENDOR_ATTR_NAME = 18,	 /* string, repeated */
	VDPA_ATTR_DEV_VENDOR_ATTR_VALUE = 19,	 /* u64, each after its name */
	VDPA_ATTR_DEV_FEATURES = 20,		 /* u64, of a device */
	/*
	 * Attribute 21 has two meanings: in Linux 6.1 the features of a network device, in later
	 * kernels the capacity of a block device. The device id in the same message tells which.
	 */
	VDPA_ATTR_DEV_FEATURES_6_1 = 21,		 /* u64 */
	VDPA_ATTR_DEV_BLK_CFG_CAPACITY = 21,		 /* u64, sectors of 512 bytes */
	VDPA_ATTR_DEV_BLK_CFG_SIZE_MAX = 22,		 /* u32 */
	VDPA_ATTR_DEV_BLK_CFG_BLK_SIZE = 23,		 /* u32 */
	VDPA_ATTR_DEV_BLK_CFG_SEG_MAX = 24,		 /* u32 */
	VDPA_ATTR_DEV_BLK_CFG_NUM_QUEUES = 25,		 /* u16 */
	VDPA_ATTR_DEV_BLK_CFG_PHY_BLK_EXP = 26,		 /* u8 */
	VDPA_ATTR_DEV_BLK_CFG_ALIGN_OFFSET = 27,	 /* u8 */
	VDPA_ATTR_DEV_BLK_CFG_MIN_IO_SIZE = 28,		 /* u16 */
	VDPA_ATTR_DEV_BLK_CFG_OPT_IO_SIZE = 29,		 /* u32 */
	VDPA_ATTR_DEV_BLK_CFG_MAX_DISCARD_SEC = 30,	 /* u32 */
	VDPA_ATTR_DEV_BLK_CFG_MAX_DISCARD_SEG = 31,	 /* u32 */
	VDPA_ATTR_DEV_BLK_CFG_DISCARD_SEC_ALIGN = 32,	 /* u32 */
	VDPA_ATTR_DEV_BLK_CFG_MAX_WRITE_ZEROES_SEC = 33, /* u32 */
	VDPA_ATTR_DEV_BLK_CFG_MAX_WRITE_ZEROES_SEG = 34, /* u32 */
	VDPA_ATTR_DEV_BLK_READ_ONLY = 35,		 /* u8, 0 or 1 */
	VDPA_ATTR_DEV_BLK_FLUSH = 36,			 /* u8, 0 or 1 */
};

/* Bits of a network device's status: virtio specification, section "Network Device". */
#define VIRTIO_NET_S_LINK_UP  1
#define VIRTIO_NET_S_ANNOUNCE 2

/* The smallest MTU that the kernel accepts, in bytes. */
#define VDPA_MTU_MIN 68

#endif
