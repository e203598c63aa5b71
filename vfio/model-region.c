/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of regions, and the decoder of what the kernel reports about each. */
#include "abi/vfio.h"
#include "base/list.h"
#include "model.h"

#include <errno.h>
#include <stdio.h>

void regions_clear(struct list *regions)
{
	for (size_t i = 0; i < regions->count; i++)
		list_clear(&((struct region *)regions->items[i])->areas);
	list_clear(regions);
}

static const char *const pci_names[VFIO_PCI_REGIONS] = {
	"bar0",
	"bar1",
	"bar2",
	"bar3",
	"bar4",
	"bar5",
	[VFIO_PCI_ROM] = "rom",
	[VFIO_PCI_CONFIG] = "config",
	[VFIO_PCI_VGA] = "vga",
};

void region_describe(struct region *region, bool pci)
{
	if (pci && region->index < VFIO_PCI_REGIONS)
		snprintf(region->name, sizeof(region->name), "%s", pci_names[region->index]);
	else
		snprintf(region->name, sizeof(region->name), "region_%u", region->index);
}

int region_parse(const char *word, uint32_t *index)
{
	uint64_t number;

	for (uint32_t i = 0; i < VFIO_PCI_REGIONS; i++) {
		if (!str_equal(word, pci_names[i]))
			continue;
		*index = i;
		return 0;
	}
	if (num_parse(str_starts(word, "region_") ? word + strlen("region_") : word, 0, UINT32_MAX,
		      &number))
		return -EINVAL;
	*index = number;
	return 0;
}

static int decode_areas(const uint8_t *bytes, size_t size, struct region *region)
{
	struct vfio_cap_sparse_mmap sparse;

	if (size < sizeof(sparse))
		return 0;
	memcpy(&sparse, bytes, sizeof(sparse));
	region->present |= BIT64(REGION_HAS_AREAS);
	/* The count may be larger than what was read: the size of the info is what counts. */
	for (uint32_t i = 0; i < sparse.count; i++) {
		struct area *area;
		size_t at = sizeof(sparse) + (size_t)i * sizeof(*area);

		if (at + sizeof(*area) > size)
			break;
		area = list_new(&region->areas, sizeof(*area));
		if (!area)
			return -ENOMEM;
		memcpy(area, bytes + at, sizeof(*area));
	}
	return 0;
}

static void decode_type(const uint8_t *bytes, size_t size, struct region *region)
{
	struct vfio_cap_type type;

	if (size < sizeof(type))
		return;
	memcpy(&type, bytes, sizeof(type));
	region->type = type.type;
	region->subtype = type.subtype;
	region->present |= BIT64(REGION_HAS_TYPE);
}

/* A header has no length, so that @size is that of all bytes from the capability on. */
static int decode_cap(unsigned int id, const uint8_t *bytes, size_t size, struct region *region)
{
	if (id < 64)
		region->cap_bits |= BIT64(id);
	switch (id) {
	case VFIO_REGION_CAP_SPARSE_MMAP:
		return decode_areas(bytes, size, region);
	case VFIO_REGION_CAP_TYPE:
		decode_type(bytes, size, region);
		return 0;
	default:
		return 0;
	}
}

int region_decode(const void *data, size_t size, struct region *region)
{
	const uint8_t *bytes = data;
	struct vfio_region_info info;
	struct vfio_cap_header header;
	int ret = 0;

	memcpy(&info, bytes, sizeof(info));
	region->index = info.index;
	region->flags = info.flags;
	region->size = info.size;
	region->offset = info.offset;
	region->present = BIT64(HAS_ALWAYS);
	if (!(info.flags & BIT64(VFIO_REGION_CAPS)))
		return 0;
	/* Each capability must lie after the one before, or the chain might have no end. */
	for (size_t at = info.cap_offset, last = sizeof(info) - 1; !ret && at > last;) {
		if (at > size || size - at < sizeof(header))
			break;
		memcpy(&header, bytes + at, sizeof(header));
		/* A second capability of the same id may overlap the first, so stop there. */
		if (header.id < 64 && region->cap_bits & BIT64(header.id))
			break;
		ret = decode_cap(header.id, bytes + at, size - at, region);
		last = at;
		at = header.next;
	}
	return ret;
}
