/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_PLAN_COMPARE_H
#define VDPA_PLAN_COMPARE_H

#include "state.h"
#include "vdpa/model/plan.h"

/*
 * Fills in what differs between the device of @step and what is wanted of it, whose features are
 * resolved. Returns whether the kernel keeps something of it to itself.
 */
bool step_compare(const struct state *state, struct step *step);

/* Of the differences: those that only a new device can end, and that of the MAC address. */
uint32_t step_fixed_differences(const struct step *step, bool can_set_mac);
uint32_t step_mac_difference(const struct step *step);

/* Whether a guest may have set the MAC address itself, which it does through the control queue. */
bool step_guest_sets_mac(const struct step *step);

#endif
