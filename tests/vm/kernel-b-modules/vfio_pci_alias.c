// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A VFIO driver for PCI devices with the proposed feature ALIAS_REGION, which no released kernel
 * has: a second region for a BAR, which is mapped in another way. All other requests go to the
 * kernel's own vfio-pci-core.
 *
 * The feature has number 11, which is DMA_BUF in released kernels, so this driver has no DMA_BUF.
 * Two rules of the proposal are easily missed: each request reads the whole payload, however long
 * the caller says it is, and a probe of a region that cannot have an alias fails.
 */
#include <linux/module.h>
#include <linux/vfio_pci_core.h>

/*
 * Without the alias the core answers requests of this number as for any driver that exports no
 * buffers: the kernel knows DMA_BUF, but the driver does not implement it.
 */
static bool alias_region = true;
module_param(alias_region, bool, 0644);
MODULE_PARM_DESC(alias_region, "Have the feature ALIAS_REGION");

#define FEATURE_ALIAS_REGION 11

/* Flags of a region, after those of the kernel's header. The second one is used in requests, too.
 */
#define REGION_IS_ALIAS	     BIT(4)
#define REGION_WRITE_COMBINE BIT(5)

struct alias_request {
	__u32 flags;
	__u32 index;
	__u32 alias_index; /* answer */
	__u32 reserved1;
	__u64 reserved2;
};

struct alias {
	u32 bar;
	u32 flags; /* from the request */
};

/* There is at most one alias for each BAR and each set of flags. */
#define ALIASES (PCI_STD_NUM_BARS * 2)

struct alias_device {
	struct vfio_pci_core_device core; /* must be the first */
	struct mutex lock;
	u32 count; /* only grows while the device is open */
	struct alias aliases[ALIASES];
};

static struct alias_device *alias_device(struct vfio_device *vdev)
{
	return container_of(vdev, struct alias_device, core.vdev);
}

/* The indexes of aliases follow those of the core's regions. */
static u32 first_alias(const struct alias_device *device)
{
	return VFIO_PCI_NUM_REGIONS + device->core.num_regions;
}

/* Finds the alias that has this index as a region. Returns whether there is one. */
static bool find_alias(struct alias_device *device, u32 index, struct alias *alias)
{
	bool found;

	mutex_lock(&device->lock);
	found = index >= first_alias(device) && index - first_alias(device) < device->count;
	if (found)
		*alias = device->aliases[index - first_alias(device)];
	mutex_unlock(&device->lock);
	return found;
}

/* The feature */

static bool can_have_alias(const struct alias_device *device, u32 index)
{
	return index < PCI_STD_NUM_BARS && device->core.bar_mmap_supported[index];
}

/* Finds or creates the alias with these properties. Returns the index of its region. */
static u32 get_alias(struct alias_device *device, u32 bar, u32 flags)
{
	u32 i;

	mutex_lock(&device->lock);
	for (i = 0; i < device->count; i++)
		if (device->aliases[i].bar == bar && device->aliases[i].flags == flags)
			break;
	if (i == device->count) {
		device->aliases[i] = (struct alias){ .bar = bar, .flags = flags };
		device->count++;
	}
	mutex_unlock(&device->lock);
	return first_alias(device) + i;
}

static int serve_feature(struct alias_device *device, u32 flags, void __user *payload, size_t size)
{
	struct alias_request request;
	int ret;

	if (copy_from_user(&request, payload, sizeof(request)))
		return -EFAULT;
	/* Returns 1 if the request is to be carried out, and 0 if it is only a probe. */
	ret = vfio_check_feature(flags, size, VFIO_DEVICE_FEATURE_SET, sizeof(request));
	if (ret < 0)
		return ret;
	if (!can_have_alias(device, request.index))
		return -EINVAL;
	if (!ret)
		request.flags = REGION_WRITE_COMBINE;
	else if (request.flags & ~REGION_WRITE_COMBINE)
		return -EINVAL;
	else
		request.alias_index = get_alias(device, request.index, request.flags);
	return copy_to_user(payload, &request, sizeof(request)) ? -EFAULT : 0;
}

static int alias_feature(struct vfio_device *vdev, u32 flags, void __user *payload, size_t size)
{
	if (alias_region && (flags & VFIO_DEVICE_FEATURE_MASK) == FEATURE_ALIAS_REGION)
		return serve_feature(alias_device(vdev), flags, payload, size);
	return vfio_pci_core_ioctl_feature(vdev, flags, payload, size);
}

/* Regions */

/* The core counts only its own regions: add the aliases. */
static long count_regions(struct alias_device *device, struct vfio_device_info __user *info)
{
	u32 regions;

	if (get_user(regions, &info->num_regions))
		return -EFAULT;
	mutex_lock(&device->lock);
	regions += device->count;
	mutex_unlock(&device->lock);
	return put_user(regions, &info->num_regions);
}

static long alias_ioctl(struct vfio_device *vdev, unsigned int number, unsigned long argument)
{
	long ret = vfio_pci_core_ioctl(vdev, number, argument);

	if (ret || number != VFIO_DEVICE_GET_INFO)
		return ret;
	return count_regions(alias_device(vdev), (void __user *)argument);
}

static int alias_region_info(struct vfio_device *vdev, struct vfio_region_info *info,
			     struct vfio_info_cap *caps)
{
	struct alias_device *device = alias_device(vdev);
	struct alias alias;

	if (!find_alias(device, info->index, &alias))
		return vfio_pci_ioctl_get_region_info(vdev, info, caps);
	info->flags = VFIO_REGION_INFO_FLAG_MMAP | REGION_IS_ALIAS | alias.flags;
	info->size = pci_resource_len(device->core.pdev, alias.bar);
	info->offset = VFIO_PCI_INDEX_TO_OFFSET(info->index);
	return 0;
}

/*
 * The mapping gets the offset of the BAR itself, so that the core finds and removes it when the
 * device's memory is disabled.
 */
static int alias_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	const unsigned int shift = VFIO_PCI_OFFSET_SHIFT - PAGE_SHIFT;
	struct alias alias;
	int ret;

	if (!find_alias(alias_device(vdev), vma->vm_pgoff >> shift, &alias))
		return vfio_pci_core_mmap(vdev, vma);
	vma->vm_pgoff &= BIT(shift) - 1;
	vma->vm_pgoff |= (unsigned long)alias.bar << shift;
	ret = vfio_pci_core_mmap(vdev, vma);
	if (!ret && alias.flags & REGION_WRITE_COMBINE)
		vma->vm_page_prot = pgprot_writecombine(vm_get_page_prot(vma->vm_flags));
	return ret;
}

/* The driver */

static int alias_init(struct vfio_device *vdev)
{
	mutex_init(&alias_device(vdev)->lock);
	return vfio_pci_core_init_dev(vdev);
}

static int alias_open(struct vfio_device *vdev)
{
	struct alias_device *device = alias_device(vdev);
	int ret = vfio_pci_core_enable(&device->core);

	if (!ret)
		vfio_pci_core_finish_enable(&device->core);
	return ret;
}

static void alias_close(struct vfio_device *vdev)
{
	vfio_pci_core_close_device(vdev);
	alias_device(vdev)->count = 0;
}

static const struct vfio_device_ops alias_ops = {
	.name = "vfio_pci_alias",
	.init = alias_init,
	.release = vfio_pci_core_release_dev,
	.open_device = alias_open,
	.close_device = alias_close,
	.ioctl = alias_ioctl,
	.get_region_info_caps = alias_region_info,
	.device_feature = alias_feature,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = alias_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
	.match_token_uuid = vfio_pci_core_match_token_uuid,
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
};

static int alias_probe(struct pci_dev *pci, const struct pci_device_id *id)
{
	struct alias_device *device;
	int ret;

	device = vfio_alloc_device(alias_device, core.vdev, &pci->dev, &alias_ops);
	if (IS_ERR(device))
		return PTR_ERR(device);
	/* The core expects its own structure here. */
	dev_set_drvdata(&pci->dev, &device->core);
	ret = vfio_pci_core_register_device(&device->core);
	if (ret)
		vfio_put_device(&device->core.vdev);
	return ret;
}

static void alias_remove(struct pci_dev *pci)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pci->dev);

	vfio_pci_core_unregister_device(core);
	vfio_put_device(&core->vdev);
}

/* Matches only devices whose driver_override names this driver. */
static const struct pci_device_id alias_ids[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_ANY_ID, PCI_ANY_ID) },
	{},
};
MODULE_DEVICE_TABLE(pci, alias_ids);

static struct pci_driver alias_driver = {
	.name = "vfio_pci_alias",
	.id_table = alias_ids,
	.probe = alias_probe,
	.remove = alias_remove,
	.err_handler = &vfio_pci_core_err_handlers,
	.driver_managed_dma = true,
};
module_pci_driver(alias_driver);

MODULE_DESCRIPTION("VFIO for PCI with the proposed ALIAS_REGION, to test tools");
MODULE_LICENSE("GPL");
