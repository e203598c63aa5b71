// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registers a vDPA device "unmanaged0" without a management device, as some drivers do, such as
 * eni_vdpa, whose card no virtual machine has. The device can be bound to vhost_vdpa, but its
 * queues do not work.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/vdpa.h>
#include <uapi/linux/virtio_ids.h>

static struct platform_device *parent;
static struct vdpa_device *device;

static u32 get_device_id(struct vdpa_device *vdpa)
{
	return VIRTIO_ID_NET;
}

static u32 get_vendor_id(struct vdpa_device *vdpa)
{
	return 0;
}

static u16 get_vq_num_max(struct vdpa_device *vdpa)
{
	return 256;
}

static u64 get_device_features(struct vdpa_device *vdpa)
{
	return 0;
}

static u8 get_status(struct vdpa_device *vdpa)
{
	return 0;
}

static const struct vdpa_config_ops operations = {
	.get_device_id = get_device_id,
	.get_vendor_id = get_vendor_id,
	.get_vq_num_max = get_vq_num_max,
	.get_device_features = get_device_features,
	.get_status = get_status,
};

static int __init unmanaged_init(void)
{
	int ret;

	parent = platform_device_register_simple("vdpa_unmanaged", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	device = __vdpa_alloc_device(&parent->dev, &operations, 1, 1, sizeof(*device), "unmanaged0",
				     false);
	if (IS_ERR(device)) {
		platform_device_unregister(parent);
		return PTR_ERR(device);
	}
	ret = vdpa_register_device(device, 2);
	if (ret) {
		put_device(&device->dev);
		platform_device_unregister(parent);
	}
	return ret;
}

static void __exit unmanaged_exit(void)
{
	vdpa_unregister_device(device);
	platform_device_unregister(parent);
}

module_init(unmanaged_init);
module_exit(unmanaged_exit);
MODULE_DESCRIPTION("vDPA device without a management device");
MODULE_LICENSE("GPL");
