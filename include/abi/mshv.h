/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ABI_MSHV_H
#define ABI_MSHV_H

/*
 * The Microsoft hypervisor's node: requests of three drivers, of which a kernel has one at most.
 * Numbers are in the machine's own byte order.
 */
#include <asm/ioctl.h>
#include <stdint.h>

#define MSHV_NODE  "/dev/mshv"
#define MSHV_IOCTL 0xB8

/* Extensions that the VTL driver can be asked for. */
#define MSHV_CAP_CORE_API_STABLE   0
#define MSHV_CAP_REGISTER_PAGE	   1
#define MSHV_CAP_VTL_RETURN_ACTION 2
#define MSHV_CAP_DR6_SHARED	   3

/* What neither is a version nor an extension: each driver refuses it in its own way. */
#define MSHV_PROBE UINT32_MAX

/* Of a driver that was proposed, and of the VTL driver: the same number. */
#define MSHV_REQUEST_VERSION _IOW(MSHV_IOCTL, 0x00, uint32_t)
#define MSHV_CHECK_EXTENSION _IOW(MSHV_IOCTL, 0x00, uint32_t)

/* Of the root partition's driver; its two words are flags and the kind of isolation. */
#define MSHV_CREATE_PARTITION _IOW(MSHV_IOCTL, 0x00, uint64_t[2])

_Static_assert(MSHV_CHECK_EXTENSION == 0x4004b800 && MSHV_CREATE_PARTITION == 0x4010b800,
	       "the kernel's numbers");

#endif
