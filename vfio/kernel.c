/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests on an open device: features and regions. */
#include "kernel.h"

#include "abi/vfio.h"
#include "base/list.h"
#include "explain.h"
#include "kernel-alias.h"
#include "sys/chardev.h"

#include <errno.h>
#include <sys/eventfd.h>

/* The kernel asks for the size that it needs: refuse more than any kernel has. */
#define INFO_MAX    65536
#define REGIONS_MAX 4096

/* Features */

/*
 * The payload follows the header, and argsz covers both: the kernel answers EINVAL if the payload
 * is too short for the feature. A GET of DMA_BUF succeeds with a file descriptor, so success is any
 * result that is not negative.
 */
int kernel_feature(const struct session *session, uint16_t index, uint32_t flags,
		   struct payload *payload)
{
	struct {
		struct vfio_feature_header header;
		uint8_t bytes[PAYLOAD_MAX];
	} request = { .header = { .argsz = sizeof(request.header) + payload->size,
				  .flags = flags | index } };
	int ret;

	_Static_assert(offsetof(typeof(request), bytes) == sizeof(request.header), "no hole");
	memcpy(request.bytes, payload->bytes, payload->size);
	ret = flags & VFIO_FEATURE_PROBE
		      ? chardev_ioctl(session->device, VFIO_DEVICE_FEATURE, &request)
		      : chardev_ioctl_changing(session->device, VFIO_DEVICE_FEATURE, &request);
	memcpy(payload->bytes, request.bytes, payload->size);
	return ret;
}

/*
 * A probe fails in three ways if the device lacks the feature: ENOTTY for an unknown index, EINVAL
 * for one without this operation, and EOPNOTSUPP if the driver does not implement it. Linux 7.3
 * also answers EINVAL to all probes of index 12 if the device has no pre-copy.
 */
static int probe(const struct session *session, uint16_t index, uint32_t flags, bool *has,
		 struct err *err)
{
	/* A probe needs no payload. The proposed ALIAS_REGION reads one all the same: give zeros.
	 */
	struct payload none = { .size = 64 };
	int ret = kernel_feature(session, index, VFIO_FEATURE_PROBE | flags, &none);

	*has = ret >= 0;
	if (ret >= 0 || ret == -ENOTTY || ret == -EINVAL || ret == -EOPNOTSUPP)
		return 0;
	return explain_request(err, -ret, session->dev, "probe a feature of");
}

static int probe_11(const struct session *session, struct device_feature *feature,
		    enum index_11 *kind, struct err *err)
{
	int ret = kernel_index_11(session, kind, err);

	feature->get = *kind == INDEX_11_DMA_BUF;
	feature->set = *kind == INDEX_11_ALIAS_REGION;
	feature->present = *kind != INDEX_11_NONE;
	return ret;
}

int kernel_probe(const struct session *session, uint16_t index, bool both,
		 struct device_feature *feature, enum index_11 *kind, struct err *err)
{
	int ret = 0;

	*kind = INDEX_11_NONE;
	if (index == VFIO_INDEX_11)
		return probe_11(session, feature, kind, err);
	feature->get = feature->set = feature->present = false;
	if (both)
		ret = probe(session, index, VFIO_FEATURE_GET | VFIO_FEATURE_SET, &feature->present,
			    err);
	if (ret || feature->present) {
		feature->get = feature->set = feature->present;
		return ret;
	}
	ret = probe(session, index, 0, &feature->present, err);
	if (!ret && feature->present)
		ret = probe(session, index, VFIO_FEATURE_GET, &feature->get, err);
	if (!ret && feature->present)
		ret = probe(session, index, VFIO_FEATURE_SET, &feature->set, err);
	return ret;
}

static int add_feature(const struct session *session, uint16_t index, bool numeric,
		       struct device_features *features, struct err *err)
{
	struct device_feature found = { 0 }, *feature;
	enum index_11 kind;
	int ret = kernel_probe(session, index, false, &found, &kind, err);

	if (ret || (index >= FEATURE_KNOWN && !found.present))
		return ret;
	feature = list_new(&features->list, sizeof(*feature));
	if (!feature)
		return err_memory(err);
	*feature = found;
	feature_describe(feature, index, kind, numeric);
	feature->has |= BIT64(FEATURE_HAS_GET) | BIT64(FEATURE_HAS_SET);
	if (index == VFIO_MIGRATION)
		features->has_migration = found.get;
	if (index == VFIO_DMA_LOGGING_START)
		features->logs_dma = found.set;
	return 0;
}

int kernel_features(const struct session *session, bool numeric, struct device_features *features,
		    struct err *err)
{
	struct payload payload;
	int ret = 0;

	for (uint16_t index = 0; !ret && index <= FEATURE_SHOW_MAX; index++)
		ret = add_feature(session, index, numeric, features, err);
	if (ret || !features->has_migration)
		return ret;
	ret = kernel_feature_get(session, VFIO_MIGRATION, &payload, err);
	/* The list of features is right without this value, unless the device is gone. */
	if (ret == -ENODEV)
		return ret;
	features->migration_errno = -ret;
	memcpy(&features->migration, payload.bytes, sizeof(features->migration));
	return 0;
}

/* Probes first, since the errno of GET and SET does not tell a missing feature from a bad value. */
static int perform(const struct session *session, uint16_t index, uint32_t flags,
		   struct payload *payload, struct err *err)
{
	const char *operation = flags == VFIO_FEATURE_GET ? "get" : "set";
	struct device_feature feature = { 0 };
	enum index_11 kind;
	int ret = kernel_probe(session, index, false, &feature, &kind, err);

	if (ret)
		return ret;
	feature_describe(&feature, index, kind, false);
	if (!feature.present)
		return explain_no_feature(err, session->dev, &feature, NULL);
	if (!(flags == VFIO_FEATURE_GET ? feature.get : feature.set))
		return explain_no_feature(err, session->dev, &feature, operation);
	ret = kernel_feature(session, index, flags, payload);
	return ret < 0 ? explain_feature(err, -ret, session->dev, &feature, operation) : 0;
}

int kernel_feature_get(const struct session *session, uint16_t index, struct payload *payload,
		       struct err *err)
{
	*payload = (struct payload){ .size = payload_get_size(index) };
	return perform(session, index, VFIO_FEATURE_GET, payload, err);
}

int kernel_feature_set(const struct session *session, uint16_t index, struct payload *payload,
		       struct err *err)
{
	_cleanup_close_ int wakeup = -1;

	/* Nobody will wait for this event, but the kernel refuses the request without one. */
	if (index == VFIO_LOW_POWER_ENTRY_WITH_WAKEUP) {
		wakeup = eventfd(0, EFD_CLOEXEC);
		if (wakeup < 0)
			return err_set(err, errno, "create an eventfd: %s", err_words(errno));
		memcpy(payload->bytes, &wakeup, sizeof(int32_t));
	}
	return perform(session, index, VFIO_FEATURE_SET, payload, err);
}

/* Regions */

static int device_info(const struct session *session, struct vfio_device_info *info,
		       struct err *err)
{
	int ret;

	*info = (struct vfio_device_info){ .argsz = sizeof(*info) };
	ret = chardev_ioctl(session->device, VFIO_DEVICE_GET_INFO, info);
	return ret < 0 ? explain_request(err, -ret, session->dev, "read the regions of") : 0;
}

/*
 * Reads a region's info with all its capabilities. Returns 0 with memory to be freed in *@info and
 * its size, or a negative errno.
 */
static int ask_info(const struct session *session, uint32_t index, struct vfio_region_info **info,
		    size_t *size)
{
	size_t wanted = sizeof(**info);

	*info = NULL;
	/*
	 * If the capabilities do not fit, the kernel leaves them all out and writes the size that
	 * it needs to argsz: ask again with so much. If it asks for more each time, be content with
	 * what it has given.
	 */
	for (int tries = 0; tries < 3; tries++) {
		struct vfio_region_info *larger = realloc(*info, wanted);
		int ret;

		if (!larger)
			return -ENOMEM;
		*info = larger;
		*size = wanted;
		memset(larger, 0, wanted);
		larger->argsz = wanted;
		larger->index = index;
		ret = chardev_ioctl(session->device, VFIO_DEVICE_GET_REGION_INFO, larger);
		if (ret < 0)
			return ret;
		wanted = larger->argsz;
		if (wanted <= *size || wanted > INFO_MAX)
			break;
	}
	return 0;
}

static int add_region(const struct session *session, uint32_t index, bool pci, struct list *regions)
{
	_cleanup_free_ struct vfio_region_info *info = NULL;
	struct region *region;
	size_t size;
	int ret = ask_info(session, index, &info, &size);

	if (ret)
		return ret;
	region = list_new(regions, sizeof(*region));
	if (!region)
		return -ENOMEM;
	*region = (struct region){ 0 };
	ret = region_decode(info, size, region);
	region->index = index;
	region_describe(region, pci);
	return ret;
}

int kernel_regions(const struct session *session, struct list *regions, struct err *err)
{
	struct vfio_device_info info;
	int ret = device_info(session, &info, err);

	if (ret)
		return ret;
	for (uint32_t index = 0; index < info.num_regions && index < REGIONS_MAX; index++) {
		ret = add_region(session, index, info.flags & VFIO_DEVICE_IS_PCI, regions);
		/* The kernel counts regions that are not there, such as VGA on most devices. */
		if (ret < 0 && ret != -EINVAL)
			return explain_request(err, -ret, session->dev, "read a region of");
	}
	return 0;
}

int kernel_region(const struct session *session, uint32_t index, struct list *regions,
		  struct err *err)
{
	struct vfio_device_info info;
	int ret = device_info(session, &info, err);

	if (ret)
		return ret;
	ret = add_region(session, index, info.flags & VFIO_DEVICE_IS_PCI, regions);
	if (ret == -EINVAL)
		return err_set(err, EINVAL, "read region %u of '%s': there is no such region",
			       index, session->dev->name);
	return ret < 0 ? explain_request(err, -ret, session->dev, "read a region of") : 0;
}
