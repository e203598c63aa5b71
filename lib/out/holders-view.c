/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the processes that hold a device. */
#include "out/holders-view.h"

#include "base/holder-row.h"
#include "base/list.h"

static const struct out_field fields[] = {
	OUT_FIELD(struct holder_row, pid, "pid", 0),
	OUT_FIELD(struct holder_row, command, "command", 0),
	{ 0 },
};

static void write_holders(struct out *out, const char *key, const void *member)
{
	const struct list *holders = member;

	out_table_begin(out, key, NULL);
	for (size_t i = 0; i < holders->count; i++)
		out_table_row(out, fields, holders->items[i], BIT64(0));
	out_table_end(out);
}

const struct out_type out_type_holders = { .write = write_holders };
