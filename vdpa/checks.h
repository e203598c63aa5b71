/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VDPA_CHECKS_H
#define VDPA_CHECKS_H

#include "doctor.h"
#include "nl.h"

/*
 * What vdpa's doctor looks at beside the checks of all tools. Rights: whether the netlink family is
 * there is returned.
 */
bool check_rights(struct doctor *doctor, struct nl *nl);

/* @nl: NULL where there is no family. */
void check_mgmtdevs(struct doctor *doctor, struct nl *nl);
void check_nodes(struct doctor *doctor);

#endif
