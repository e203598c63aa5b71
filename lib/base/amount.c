/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats sizes and times for people. */
#include "base/amount.h"

#include "base/text.h"

#include <bsd/stdlib.h>
#include <stdio.h>

void amount_format_bytes(uint64_t bytes, char text[static AMOUNT_TEXT_SIZE])
{
	/* The size leaves room for three digits, so that 1000 MiB becomes the next unit. */
	humanize_number(text, sizeof("999 MiB"), bytes < INT64_MAX ? (int64_t)bytes : INT64_MAX,
			"B", HN_AUTOSCALE, HN_DECIMAL | HN_IEC_PREFIXES);
}

void amount_format_seconds(uint64_t seconds, char storage[static AMOUNT_TEXT_SIZE])
{
	struct text text = text_begin(storage, AMOUNT_TEXT_SIZE);
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	size_t unit = 0;

	while (seconds < units[unit].seconds && unit + 1 < ARRAY_SIZE(units))
		unit++;
	text_add(&text, "%ju %s", (uintmax_t)(seconds / units[unit].seconds), units[unit].name);
	seconds %= units[unit].seconds;
	if (seconds && seconds / units[unit + 1].seconds)
		text_add(&text, " %ju %s", (uintmax_t)(seconds / units[unit + 1].seconds),
			 units[unit + 1].name);
}
