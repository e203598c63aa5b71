/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_BUSY_H
#define VDPA_BUSY_H

#include "err.h"

/*
 * Whether deleting a device would wait, without limit and with every other vdpa command of the host
 * behind it: somebody has its /dev/vhost-vdpa-N open.
 * Returns 0, or -EBUSY with the holder in @err.
 */
int busy_check_del(const char *dev, struct err *err);

/*
 * Whether adding a device of VDUSE would wait for a program that is not there: virtio_vdpa would
 * take the device, and speak to whoever serves it.
 * Returns 0, or -EBUSY with what to do in @err.
 */
int busy_check_vduse(const char *dev, struct err *err);

#endif
