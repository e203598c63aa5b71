/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests of feature index 11: finds out what it means, and creates aliases of regions. */
#include "kernel-alias.h"

#include "abi/vfio.h"
#include "base/list.h"
#include "explain.h"

#include <errno.h>

static int request(const struct session *session, uint32_t flags, struct vfio_alias_region *alias)
{
	struct payload payload = { .size = sizeof(*alias) };
	int ret;

	memcpy(payload.bytes, alias, sizeof(*alias));
	ret = kernel_feature(session, VFIO_INDEX_11, flags, &payload);
	memcpy(alias, payload.bytes, sizeof(*alias));
	return ret;
}

static int probe(const struct session *session, uint32_t flags, uint32_t region,
		 uint32_t *region_flags)
{
	struct vfio_alias_region alias = { .index = region };
	int ret = request(session, VFIO_FEATURE_PROBE | flags, &alias);

	*region_flags = alias.flags;
	return ret;
}

int kernel_index_11(const struct session *session, enum index_11 *kind, struct err *err)
{
	uint32_t flags;
	int ret = probe(session, VFIO_FEATURE_GET, 0, &flags);

	*kind = ret >= 0 ? INDEX_11_DMA_BUF : INDEX_11_NONE;
	/* ENOTTY: the kernel knows neither. EOPNOTSUPP: DMA_BUF, but the driver exports nothing. */
	if (ret >= 0 || ret == -ENOTTY || ret == -EOPNOTSUPP)
		return 0;
	if (ret != -EINVAL)
		return explain_request(err, -ret, session->dev, "probe feature 11 of");
	/*
	 * EINVAL means that there is no GET, so it is not DMA_BUF. But ALIAS_REGION also answers
	 * EINVAL to a probe that names a region which cannot be mapped, and we do not know which
	 * can: so try all BARs until one works.
	 */
	for (uint32_t region = 0; region < VFIO_PCI_ROM; region++) {
		ret = probe(session, VFIO_FEATURE_SET, region, &flags);
		if (ret >= 0)
			*kind = INDEX_11_ALIAS_REGION;
		if (ret != -EINVAL)
			break;
	}
	if (ret < 0 && ret != -EINVAL && ret != -ENOTTY && ret != -EOPNOTSUPP)
		return explain_request(err, -ret, session->dev, "probe feature 11 of");
	return 0;
}

static int check_kind(const struct session *session, struct err *err)
{
	const char *name = session->dev->name;
	enum index_11 kind;
	int ret = kernel_index_11(session, &kind, err);

	if (ret || kind == INDEX_11_ALIAS_REGION)
		return ret;
	if (kind == INDEX_11_DMA_BUF)
		return err_set(err, EOPNOTSUPP,
			       "alias a region of '%s': this kernel uses feature 11 for dma_buf, "
			       "and has no alias_region",
			       name);
	return err_set(
		err, EOPNOTSUPP,
		"alias a region of '%s': neither this kernel nor the driver has alias_region",
		name);
}

int kernel_alias_flags(const struct session *session, struct list *regions, struct err *err)
{
	int ret = check_kind(session, err);

	for (size_t i = 0; !ret && i < regions->count; i++) {
		struct region *region = regions->items[i];
		uint32_t offered;
		int answer = probe(session, VFIO_FEATURE_SET, region->index, &offered);

		if (answer < 0 && answer != -EINVAL)
			return explain_request(err, -answer, session->dev,
					       "probe an alias of a region of");
		region->alias = answer >= 0;
		region->alias_flags = offered;
		if (region->alias)
			region->present |= BIT64(REGION_HAS_ALIAS_FLAGS);
	}
	return ret;
}

static int check_region(const struct session *session, const struct region *region, struct err *err)
{
	const char *name = session->dev->name;

	if (region->flags & BIT64(VFIO_REGION_ALIAS))
		return err_set(err, EINVAL,
			       "alias %s of '%s': it is an alias itself, and cannot have one",
			       region->name, name);
	if (!(region->flags & BIT64(VFIO_REGION_MMAP)))
		return err_set(err, EINVAL,
			       "alias %s of '%s': it cannot be mapped, so an alias is useless",
			       region->name, name);
	return 0;
}

static int refuse_flags(const struct session *session, const struct region *region, uint32_t bits,
			struct err *err)
{
	char text[BIT_TEXT_SIZE];
	unsigned int bit = 0;

	while (!(bits & BIT64(bit)))
		bit++;
	return err_set(err, EOPNOTSUPP, "alias %s of '%s': the kernel does not offer %s for it",
		       region->name, session->dev->name, region_flag_name(bit, text));
}

int kernel_alias(const struct session *session, const struct region *region, uint32_t flags,
		 uint32_t *number, struct err *err)
{
	struct vfio_alias_region alias = { .flags = flags, .index = region->index };
	uint32_t offered;
	int ret = check_kind(session, err);

	if (!ret)
		ret = check_region(session, region, err);
	if (ret)
		return ret;
	ret = probe(session, VFIO_FEATURE_SET, region->index, &offered);
	if (ret < 0)
		return explain_request(err, -ret, session->dev, "probe an alias of a region of");
	if (flags & ~offered)
		return refuse_flags(session, region, flags & ~offered, err);
	ret = request(session, VFIO_FEATURE_SET, &alias);
	if (ret < 0)
		return explain_request(err, -ret, session->dev, "alias a region of");
	*number = alias.alias_index;
	return 0;
}
