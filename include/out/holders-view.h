/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIEW_HOLDERS_H
#define VIEW_HOLDERS_H

#include "out/out.h"

/* Writes a list of struct holder_row. */
extern const struct out_type out_type_holders;

#endif
