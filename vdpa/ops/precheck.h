/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_PRECHECK_H
#define VDPA_PRECHECK_H

#include "base/err.h"

/*
 * Some requests wait in the kernel without limit, and every other vdpa command of the host waits
 * with them, in a state that no signal ends. A few requests crash it. These functions look first,
 * and return 0, or -EBUSY with the reason and a way out in @err.
 */

/*
 * Before @dev is deleted: refuses if a process has its /dev/vhost-vdpa-N open, since the kernel
 * would wait until it is closed; and if it is one of several on a PCI function of vp_vdpa, which
 * would delete the wrong one or crash the kernel.
 */
int precheck_del(const char *dev, struct err *err);

/* Before @dev is bound to @driver or to "none": checks the node as above, and VDUSE as below. */
int precheck_bind(const char *dev, const char *driver, struct err *err);

/*
 * Before the VDUSE device @dev is added: refuses if virtio_vdpa would bind it while no program
 * serves it. virtio_vdpa talks to that program while it binds, and waits for its answers.
 * @driver: the driver to bind it to, or NULL: the kernel chooses.
 */
int precheck_vduse(const char *dev, const char *driver, struct err *err);

#endif
