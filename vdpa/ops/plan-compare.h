/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_PLAN_COMPARE_H
#define VDPA_PLAN_COMPARE_H

#include "state.h"
#include "vdpa/model/plan.h"

/*
 * Fills in how the device of @step differs from the wanted one, whose features must be resolved.
 * Returns whether some wanted values are unknown, because the kernel does not report them.
 */
bool step_compare(const struct state *state, struct step *step);

/* Returns the differences that cannot be changed on an existing device. */
uint32_t step_fixed_differences(const struct step *step, bool can_set_mac);

/* Returns the difference in the MAC address, or 0. */
uint32_t step_mac_difference(const struct step *step);

/* Returns whether the guest can set the MAC address itself: it has negotiated CTRL_MAC_ADDR. */
bool step_guest_sets_mac(const struct step *step);

#endif
