/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AMOUNT_H
#define AMOUNT_H

#include "base/base.h"

#define AMOUNT_TEXT_SIZE 40

/* Writes a number of bytes in a readable unit: "512 B", "1.5 MiB". */
void amount_format_bytes(uint64_t bytes, char text[static AMOUNT_TEXT_SIZE]);

/* Writes a number of seconds by its two largest units: "45 s", "1 h 5 min". */
void amount_format_seconds(uint64_t seconds, char text[static AMOUNT_TEXT_SIZE]);

#endif
