/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_CONFIGS_H
#define VDPA_CONFIGS_H

#include "commands.h"

/*
 * The configurations of all devices, as struct config in the order of the devices. One that the
 * kernel cannot describe is reported and left out; the others are there.
 * Returns 0 or a negative errno with @err filled.
 */
int configs_of_all(struct vdpa *vdpa, struct list *configs, struct err *err);

#endif
