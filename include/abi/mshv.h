/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ABI_MSHV_H
#define ABI_MSHV_H

/*
 * The node of the Microsoft hypervisor. Three drivers use it with different requests, and a kernel
 * has at most one of them. Numbers are in the byte order of the machine.
 */
#include <asm/ioctl.h>
#include <stdint.h>

#define MSHV_NODE  "/dev/mshv"
#define MSHV_IOCTL 0xB8

/* Extensions that MSHV_CHECK_EXTENSION can ask the VTL driver about. */
#define MSHV_CAP_CORE_API_STABLE   0
#define MSHV_CAP_REGISTER_PAGE	   1
#define MSHV_CAP_VTL_RETURN_ACTION 2
#define MSHV_CAP_DR6_SHARED	   3

/*
 * Neither a version nor an extension: each driver refuses it in its own way, which tells them
 * apart.
 */
#define MSHV_PROBE UINT32_MAX

/* Request of the proposed driver and of the VTL driver; both have the same number. */
#define MSHV_REQUEST_VERSION _IOW(MSHV_IOCTL, 0x00, uint32_t)
#define MSHV_CHECK_EXTENSION _IOW(MSHV_IOCTL, 0x00, uint32_t)

/* Request of the root partition's driver. The two words are flags and the isolation type. */
#define MSHV_CREATE_PARTITION _IOW(MSHV_IOCTL, 0x00, uint64_t[2])

_Static_assert(MSHV_CHECK_EXTENSION == 0x4004b800 && MSHV_CREATE_PARTITION == 0x4010b800,
	       "the kernel's numbers");

#endif
