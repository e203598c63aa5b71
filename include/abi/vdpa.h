/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ABI_VDPA_H
#define ABI_VDPA_H

/*
 * The generic netlink family "vdpa", version 1: the numbers that this suite uses, by the names
 * that the kernel gives them. Its messages have no header of their own after the generic one.
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
	VDPA_ATTR_DEV_NET_CFG_MAX_VQP = 12,	 /* u16 */
	VDPA_ATTR_DEV_NET_CFG_MTU = 13,		 /* u16, at least 68 */
	VDPA_ATTR_DEV_MGMTDEV_MAX_VQS = 15,	 /* u32 */
	VDPA_ATTR_DEV_SUPPORTED_FEATURES = 16,	 /* u64, of a management device */
	VDPA_ATTR_DEV_FEATURES = 20,		 /* u64, of a device */
	/*
	 * In Linux 6.1 the features of a network device; later the capacity of a block device.
	 * The device id in the same message tells which.
	 */
	VDPA_ATTR_DEV_FEATURES_6_1 = 21, /* u64 */
	VDPA_ATTR_LAST = 36,
};

#define VDPA_MTU_MIN 68

#endif
