/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of the bits that regions and migration have. */
#include "abi/vfio.h"
#include "model.h"

#include <stdio.h>

static const char *bit_name(const char *const *names, size_t count, unsigned int bit,
			    const char *unknown, char *text)
{
	if (bit < count && names[bit])
		return names[bit];
	snprintf(text, BIT_TEXT_SIZE, "%s_%u", unknown, bit);
	return text;
}

const char *region_flag_name(unsigned int bit, char text[static BIT_TEXT_SIZE])
{
	static const char *const names[] = {
		[VFIO_REGION_READ] = "read",   [VFIO_REGION_WRITE] = "write",
		[VFIO_REGION_MMAP] = "mmap",   [VFIO_REGION_CAPS] = "caps",
		[VFIO_REGION_ALIAS] = "alias", [VFIO_REGION_WC] = "wc",
	};

	return bit_name(names, ARRAY_SIZE(names), bit, "bit", text);
}

const char *region_cap_name(unsigned int id, char text[static BIT_TEXT_SIZE])
{
	static const char *const names[] = {
		[VFIO_REGION_CAP_SPARSE_MMAP] = "sparse_mmap",
		[VFIO_REGION_CAP_TYPE] = "type",
		[VFIO_REGION_CAP_MSIX_MAPPABLE] = "msix_mappable",
	};

	return bit_name(names, ARRAY_SIZE(names), id, "id", text);
}

const char *migration_flag_name(unsigned int bit, char text[static BIT_TEXT_SIZE])
{
	static const char *const names[] = {
		[VFIO_MIGRATION_STOP_COPY] = "stop_copy",
		[VFIO_MIGRATION_P2P] = "p2p",
		[VFIO_MIGRATION_PRE_COPY] = "pre_copy",
	};

	return bit_name(names, ARRAY_SIZE(names), bit, "bit", text);
}
